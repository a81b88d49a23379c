//! strongroom-wire
