//! strongroom-domain
