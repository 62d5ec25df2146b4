//! To be done.

fn main() {
    todo!("announce the address")
}
