//! Writes numbers as other languages do.

/// A double represents every integer up to this one.
const EXACT: i128 = 1 << 53;

/// Splits a double into its shortest digits and the position of its point: 123.4 is `1234` and 3.
fn shortest(value: f64) -> (String, i32) {
    let text = format!("{:e}", value.abs());
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (digits.replace('.', ""), exponent.parse::<i32>().unwrap_or_default() + 1)
}

/// Writes the digits without an exponent.
fn positional(digits: &str, point: i32) -> String {
    let length = digits.len() as i32;
    match point {
        _ if point <= 0 => format!("0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
        _ if point >= length => format!("{digits}{}", "0".repeat((point - length) as usize)),
        _ => format!("{}.{}", &digits[..point as usize], &digits[point as usize..]),
    }
}

/// Writes the digits with a point after the first, if there are more.
fn mantissa(digits: &str) -> String {
    let (first, rest) = digits.split_at(1);
    if rest.is_empty() { first.to_owned() } else { format!("{first}.{rest}") }
}

fn sign(value: f64) -> &'static str {
    if value.is_sign_negative() { "-" } else { "" }
}

fn parsed(number: &str) -> f64 {
    number.parse().unwrap_or_default()
}

fn is_whole(number: &str) -> bool {
    !number.contains(['.', 'e', 'E'])
}

/// Writes a number as JavaScript does: every number is a double.
pub fn javascript(number: &str) -> String {
    let value = parsed(number);
    if !value.is_finite() {
        return "null".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let (digits, point) = shortest(value);
    let unsigned = match point {
        -5..=21 => positional(&digits, point),
        _ => format!("{}e{:+}", mantissa(&digits), point - 1),
    };
    format!("{}{unsigned}", sign(value))
}

/// Writes a number as Python does: integers of any length stay unchanged.
pub fn python(number: &str) -> String {
    if is_whole(number) {
        return if number == "-0" { "0".to_owned() } else { number.to_owned() };
    }
    let value = parsed(number);
    if !value.is_finite() {
        return format!("{}Infinity", sign(value));
    }
    let (digits, point) = if value == 0.0 { ("0".to_owned(), 1) } else { shortest(value) };
    let unsigned = match point - 1 {
        -4..16 => {
            let written = positional(&digits, point);
            if written.contains('.') { written } else { written + ".0" }
        }
        exponent => {
            let direction = if exponent < 0 { '-' } else { '+' };
            format!("{}e{direction}{:02}", mantissa(&digits), exponent.abs())
        }
    };
    format!("{}{unsigned}", sign(value))
}

/// Writes a number as PHP does: 64-bit integers stay unchanged.
pub fn php(number: &str) -> String {
    if number == "-0" {
        return "0".to_owned();
    }
    if is_whole(number) && number.parse::<i64>().is_ok() {
        return number.to_owned();
    }
    let value = parsed(number);
    let (digits, point) = if value == 0.0 { ("0".to_owned(), 1) } else { shortest(value) };
    let unsigned = match point {
        -3..=17 => positional(&digits, point),
        _ => {
            let mantissa = if digits.len() == 1 { format!("{digits}.0") } else { mantissa(&digits) };
            format!("{mantissa}e{:+}", point - 1)
        }
    };
    format!("{}{unsigned}", sign(value))
}

/// Whether the number is an integer that a double cannot represent.
pub fn is_beyond_doubles(number: &str) -> bool {
    let exact = number.parse::<i128>().ok().filter(|exact| exact.abs() > EXACT);
    exact.is_some_and(|exact| exact as f64 as i128 != exact)
}

/// Returns the integers that JavaScript would write as this text.
pub fn before_rounding(written: &str) -> impl Iterator<Item = i128> {
    let value =
        written.parse::<i64>().ok().filter(|number| i128::from(*number).abs() > EXACT).map(|number| number as f64);
    let spread = value.map_or(0, |value| 1_i128 << ((value.abs().log2() as i32 - 52).clamp(0, 11)));
    let written = written.to_owned();
    let near = value.into_iter().flat_map(move |value| (value as i128 - spread)..=(value as i128 + spread));
    near.filter(move |exact| value == Some(*exact as f64) && javascript(&exact.to_string()) == written)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What node 20, Python 3.11 and PHP 8.2 print.
    #[test]
    fn each_language_has_its_own_numbers() {
        for (number, js, py, in_php) in [
            ("-0", "0", "0", "0"),
            ("-0.0", "0", "-0.0", "-0"),
            ("1.0", "1", "1.0", "1"),
            ("1E5", "100000", "100000.0", "100000"),
            ("0.1", "0.1", "0.1", "0.1"),
            ("0.0001", "0.0001", "0.0001", "0.0001"),
            ("0.00001", "0.00001", "1e-05", "1.0e-5"),
            ("0.000001", "0.000001", "1e-06", "1.0e-6"),
            ("1e-7", "1e-7", "1e-07", "1.0e-7"),
            ("1.5e-7", "1.5e-7", "1.5e-07", "1.5e-7"),
            ("1e15", "1000000000000000", "1000000000000000.0", "1000000000000000"),
            ("1e16", "10000000000000000", "1e+16", "10000000000000000"),
            ("1e17", "100000000000000000", "1e+17", "1.0e+17"),
            ("1e21", "1e+21", "1e+21", "1.0e+21"),
            ("1.25e25", "1.25e+25", "1.25e+25", "1.25e+25"),
            ("123456789012345680000", "123456789012345680000", "123456789012345680000", "1.2345678901234568e+20"),
            ("9007199254740993", "9007199254740992", "9007199254740993", "9007199254740993"),
            ("-3458764513820540987", "-3458764513820541000", "-3458764513820540987", "-3458764513820540987"),
            ("12345678901234567890", "12345678901234567000", "12345678901234567890", "1.2345678901234567e+19"),
        ] {
            assert_eq!([javascript(number), python(number), php(number)], [js, py, in_php], "{number}");
        }
        assert_eq!((javascript("1e400"), python("-1e400")), ("null".to_owned(), "-Infinity".to_owned()));
    }

    #[test]
    fn a_rounded_number_has_been_one_of_some() {
        let before: Vec<i128> = before_rounding("3458764513820541000").collect();
        assert!(before.contains(&3458764513820540987) && before.len() < 1100, "{}", before.len());
        assert!(before.iter().all(|number| javascript(&number.to_string()) == "3458764513820541000"));
        assert_eq!(before_rounding("9007199254740993").count(), 0, "no double is written so");
        assert_eq!(before_rounding("9007199254740996").count(), 3);
        assert_eq!(before_rounding("12").count(), 0);
        assert_eq!(before_rounding("1.5").count(), 0);
        assert_eq!(before_rounding(&i64::MIN.to_string()).filter(|number| *number >= i128::from(i64::MIN)).count(), 0);
    }
}
