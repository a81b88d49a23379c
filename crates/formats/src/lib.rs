//! strongroom-formats
