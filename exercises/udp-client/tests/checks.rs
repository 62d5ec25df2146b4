//! The checks of udp-client.
