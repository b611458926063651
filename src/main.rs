//! The binary `tm-hooks`.

fn main() {}
