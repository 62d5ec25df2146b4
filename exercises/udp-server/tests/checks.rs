//! The checks of udp-server.
