//! The checks of tcp-client.
