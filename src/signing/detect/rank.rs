//! Ranks schemes by their simplicity.

use crate::domain::scheme::{Algorithm, Encoding, JsonForm, KeyForm, Message, Piece, Scheme};

/// Rates a scheme: a smaller number means a simpler scheme.
pub fn oddness(scheme: &Scheme) -> u32 {
    let Scheme { algorithm, key, message, encoding, header: _, prefix } = scheme;
    let of_key = KeyForm::ALL.iter().position(|form| form == key).unwrap_or_default() as u32;
    let of_encoding = Encoding::ALL.iter().position(|other| other == encoding).unwrap_or_default() as u32;
    let of_algorithm = match algorithm {
        Algorithm::Hmac(_) => 0,
        Algorithm::Plain(_, place) => 2_000 + *place as u32 * 10,
    };
    of_algorithm + of_key * 10 + of_message(message) + of_encoding + u32::from(!prefix.is_empty())
}

fn of_message(message: &Message) -> u32 {
    let pieces: u32 = message.pieces().iter().map(of_piece).sum();
    // Where the data alone are signed, whoever sees a request may send it again with another id and type.
    let is_whole = message.pieces().iter().any(|piece| matches!(piece, Piece::Raw | Piece::Json(_)));
    let uncovered = if is_whole { 0 } else { 10_000 };
    pieces + 200 * (message.pieces().len() as u32 - 1) + uncovered
}

fn of_piece(piece: &Piece) -> u32 {
    match piece {
        Piece::Raw => 0,
        Piece::Text(text) => text.len() as u32,
        Piece::Json(form) => 100 + JsonForm::ALL.iter().position(|other| other == form).unwrap_or_default() as u32 * 10,
        Piece::Data => 190,
        Piece::Field(field) => 20 + *field as u32,
        Piece::Header(_) => 30,
        Piece::Path => 50,
        Piece::Url => 60,
    }
}
