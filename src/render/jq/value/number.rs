//! Numbers: integers are exact to 38 digits, others are doubles, and a number from the input keeps its text until it is
//! used in a calculation.

use std::{cmp::Ordering, fmt, rc::Rc};

/// From here on a double may have lost digits: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// As in jq, an integral double is written with an exponent if it has this many digits more than significant ones.
const ZEROS: i32 = 15;
/// As in jq, numbers below this power of ten are written with an exponent.
const SMALLEST: i32 = -4;

/// A number.
#[derive(Debug, Clone)]
pub(in crate::render::jq) enum Number {
    /// A 64-bit integer.
    Whole(i64),
    /// Any other calculated number.
    Float(f64),
    /// A number with its text, or a larger integer.
    Written(Rc<Written>),
}

/// A number with its text.
#[derive(Debug)]
pub(in crate::render::jq) struct Written {
    text: Box<str>,
    whole: Option<i128>,
    float: f64,
}

impl Number {
    /// Parses a number in JSON's form.
    pub(in crate::render::jq) fn read(text: &str) -> Option<Self> {
        let float: f64 = text.parse().ok()?;
        let whole: Option<i128> = text.parse().ok().filter(|_| !text.starts_with("-0"));
        match whole.and_then(|whole| i64::try_from(whole).ok()) {
            Some(whole) => Some(Number::Whole(whole)),
            None => Some(Number::Written(Rc::new(Written { text: text.into(), whole, float }))),
        }
    }

    /// Parses a number without keeping its text: for numbers in filters and converted strings.
    pub(in crate::render::jq) fn calculated(text: &str) -> Option<Self> {
        let read = Number::read(text)?;
        Some(read.to_whole().map_or_else(|| Number::float(read.to_f64()), Number::whole))
    }

    /// Makes a number from a calculated double.
    pub(in crate::render::jq) fn float(float: f64) -> Self {
        let is_whole = float.fract() == 0.0 && float.abs() < EXACT && (float != 0.0 || float.is_sign_positive());
        if is_whole { Number::Whole(float as i64) } else { Number::Float(float) }
    }

    /// Makes an integer of any size.
    pub(in crate::render::jq) fn whole(whole: i128) -> Self {
        match i64::try_from(whole) {
            Ok(whole) => Number::Whole(whole),
            Err(_) => Number::Written(Rc::new(Written {
                text: whole.to_string().into(),
                whole: Some(whole),
                float: whole as f64,
            })),
        }
    }

    /// Converts it to the nearest double.
    pub(in crate::render::jq) fn to_f64(&self) -> f64 {
        match self {
            Number::Whole(whole) => *whole as f64,
            Number::Float(float) => *float,
            Number::Written(written) => written.float,
        }
    }

    /// Returns its exact value if it is an integer.
    pub(in crate::render::jq) fn to_whole(&self) -> Option<i128> {
        match self {
            Number::Whole(whole) => Some((*whole).into()),
            Number::Float(_) => None,
            Number::Written(written) => written.whole,
        }
    }

    /// Truncates it to jq's range of integers. NaN becomes the least one, as on the processors that jq runs on, which
    /// is never an index.
    pub(in crate::render::jq) fn truncated(&self) -> i128 {
        let float = self.to_f64();
        let truncated = if float.is_nan() { i128::MIN } else { self.to_whole().unwrap_or(float.trunc() as i128) };
        truncated.clamp(i64::MIN.into(), i64::MAX.into())
    }

    pub(super) fn plus(&self, other: &Self) -> Self {
        self.exactly(other, i128::checked_add).unwrap_or_else(|| Number::float(self.to_f64() + other.to_f64()))
    }

    pub(super) fn minus(&self, other: &Self) -> Self {
        self.exactly(other, i128::checked_sub).unwrap_or_else(|| Number::float(self.to_f64() - other.to_f64()))
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        let float = self.to_f64() * other.to_f64();
        let exact = self.exactly(other, i128::checked_mul).filter(|_| float != 0.0 || float.is_sign_positive());
        exact.unwrap_or_else(|| Number::float(float))
    }

    /// `other` must not be zero.
    pub(super) fn divided_by(&self, other: &Self) -> Self {
        let exact = self.exactly(other, |own, other| (own != 0 && own.checked_rem(other)? == 0).then(|| own / other));
        exact.unwrap_or_else(|| Number::float(self.to_f64() / other.to_f64()))
    }

    /// Returns the remainder of an integer division with the sign of `self`, or `None` for a zero divisor. It is exact
    /// for any size; infinity counts as jq's largest integer.
    pub(super) fn remainder(&self, other: &Self) -> Option<Self> {
        if self.to_f64().is_nan() || other.to_f64().is_nan() {
            return Some(Number::Float(f64::NAN));
        }
        let (own, is_negative) = self.magnitude();
        let rest = own.remainder(other.magnitude().0)?;
        Some(if is_negative && rest.to_f64() != 0.0 { rest.negated() } else { rest })
    }

    /// Returns its truncated magnitude, and whether it is negative.
    fn magnitude(&self) -> (Magnitude, bool) {
        let float = self.to_f64();
        let whole = match self.to_whole() {
            Some(whole) => whole,
            None if float.is_infinite() => self.truncated(),
            None if float.abs() < BEYOND => float.trunc() as i128,
            None => return (Magnitude::Float(float.abs()), float < 0.0),
        };
        (Magnitude::Whole(whole.unsigned_abs()), whole < 0)
    }

    pub(super) fn negated(&self) -> Self {
        match self.to_whole() {
            Some(whole) if whole != 0 => {
                whole.checked_neg().map_or_else(|| Number::float(-self.to_f64()), Number::whole)
            }
            _ => Number::float(-self.to_f64()),
        }
    }

    fn exactly(&self, other: &Self, calculate: impl Fn(i128, i128) -> Option<i128>) -> Option<Self> {
        calculate(self.to_whole()?, other.to_whole()?).map(Number::whole)
    }

    /// Compares numbers. NaN equals itself and is less than all others.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        match (self.to_whole(), other.to_whole()) {
            (Some(own), Some(other)) => own.cmp(&other),
            (Some(own), None) => beside(own, other.to_f64()),
            (None, Some(other)) => beside(other, self.to_f64()).reverse(),
            (None, None) => {
                let (own, other) = (self.to_f64(), other.to_f64());
                own.partial_cmp(&other).unwrap_or_else(|| other.is_nan().cmp(&own.is_nan()))
            }
        }
    }
}

/// Doubles from here on exceed the range of integers.
const BEYOND: f64 = -(i128::MIN as f64);

/// The magnitude of an integer.
#[derive(Debug, Clone, Copy)]
enum Magnitude {
    Whole(u128),
    /// A magnitude from [`BEYOND`] on.
    Float(f64),
}

impl Magnitude {
    /// Returns the remainder of a division, or `None` for a zero divisor.
    fn remainder(self, other: Self) -> Option<Number> {
        Some(match (self, other) {
            (_, Magnitude::Whole(0)) => return None,
            (Magnitude::Whole(own), Magnitude::Whole(other)) => whole(own % other),
            // The dividend is smaller than the divisor.
            (Magnitude::Whole(own), Magnitude::Float(_)) => whole(own),
            // The remainder of doubles is exact.
            (Magnitude::Float(own), Magnitude::Float(other)) => Number::float(own % other),
            (Magnitude::Float(own), Magnitude::Whole(other)) => whole(rest_of_large(own, other)),
        })
    }
}

fn whole(magnitude: u128) -> Number {
    i128::try_from(magnitude).map_or_else(|_| Number::float(magnitude as f64), Number::whole)
}

/// Returns the remainder of a number from [`BEYOND`] on: its digits are doubled as often as its exponent says.
fn rest_of_large(large: f64, divisor: u128) -> u128 {
    let (bits, hidden) = (large.to_bits(), 1 << 52);
    let (digits, exponent) = ((bits % hidden) | hidden, (bits >> 52) - 1075);
    // The remainder is below 2^127, so doubling it does not overflow.
    let twice = |rest: u128| if rest * 2 >= divisor { rest * 2 - divisor } else { rest * 2 };
    (0..exponent).fold(u128::from(digits) % divisor, |rest, _| twice(rest))
}

/// Compares an integer and a double exactly.
fn beside(whole: i128, float: f64) -> Ordering {
    if float >= BEYOND {
        return Ordering::Less;
    }
    if float.is_nan() || float < -BEYOND {
        return Ordering::Greater;
    }
    let truncated = float.trunc();
    whole.cmp(&(truncated as i128)).then_with(|| truncated.partial_cmp(&float).unwrap_or(Ordering::Equal))
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Whole(whole) => whole.fmt(f),
            Number::Float(float) => write_float(*float, f),
            Number::Written(written) => f.write_str(&written.text),
        }
    }
}

/// Writes a double as jq does: NaN is null, and infinity is the largest number.
fn write_float(float: f64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if float.is_nan() {
        return f.write_str("null");
    }
    if float.is_sign_negative() {
        f.write_str("-")?;
    }
    let shortest = format!("{:e}", float.abs().min(f64::MAX));
    let (digits, exponent) = shortest.split_once('e').unwrap_or((&shortest, "0"));
    let digits = digits.replace('.', "");
    let (count, point) = (digits.len() as i32, exponent.parse::<i32>().unwrap_or(0) + 1);
    if point <= SMALLEST || point > count + ZEROS {
        let (first, rest) = digits.split_at(1);
        let dot = if rest.is_empty() { "" } else { "." };
        let sign = if point > 0 { '+' } else { '-' };
        return write!(f, "{first}{dot}{rest}e{sign}{:02}", (point - 1).abs());
    }
    match usize::try_from(point) {
        Ok(point) if point >= digits.len() => write!(f, "{digits:0<point$}"),
        Ok(point) if point > 0 => write!(f, "{}.{}", &digits[..point], &digits[point..]),
        _ => write!(f, "0.{}{digits}", "0".repeat(point.unsigned_abs() as usize)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::read(text).unwrap()
    }

    #[test]
    fn what_was_read_is_written_as_it_was() {
        for text in ["0", "-0", "1.50", "1e5", "-9223372036854775808", "123456789012345678901234567890", "1e1000"] {
            assert_eq!(number(text).to_string(), text);
        }
    }

    #[test]
    fn what_was_calculated_is_written_as_jq_does() {
        for (float, text) in [
            (1.0, "1"),
            (-0.0, "-0"),
            (0.1 + 0.2, "0.30000000000000004"),
            (1e17, "1e+17"),
            (1e15, "1000000000000000"),
            (123_456_789_012_345_678.0, "123456789012345680"),
            (1e-4, "0.0001"),
            (1.5e-5, "1.5e-05"),
            (f64::NAN, "null"),
            (f64::NEG_INFINITY, "-1.7976931348623157e+308"),
        ] {
            assert_eq!(Number::float(float).to_string(), text);
        }
    }

    #[test]
    fn whole_numbers_are_exact() {
        let large = number("9007199254740993");
        assert_eq!(large.plus(&number("1")).to_string(), "9007199254740994");
        assert_eq!(large.times(&large).to_string(), "81129638414606699710187514626049");
        assert_eq!(large.divided_by(&number("1")).to_string(), "9007199254740993");
        assert_eq!(number("1").divided_by(&number("4")).to_string(), "0.25");
        let largest = number("170141183460469231731687303715884105727");
        assert_eq!(largest.plus(&number("1")).to_string(), "1.7014118346046923e+38");
        assert_eq!(number("-5").remainder(&number("3.9")).unwrap().to_string(), "-2");
        assert!(number("5").remainder(&number("0.5")).is_none());
        assert_eq!(number("0").negated().to_string(), "-0");
    }

    #[test]
    fn the_rest_of_a_division_is_exact() {
        let rest = |own: &str, other: &str| number(own).remainder(&number(other)).unwrap().to_string();
        for (own, other, left) in [
            ("9223372036854775808", "10", "8"),
            ("10000000000000000001", "10", "1"),
            ("123456789012345678901234567890", "1000", "890"),
            ("18446744073709551615", "7", "1"),
            ("-9223372036854775809", "10", "-9"),
            ("1e19", "7", "3"),
            ("1e30", "1000", "656"),
            ("5", "-3", "2"),
            ("-6", "3", "0"),
            ("5", "1e300", "5"),
            ("12345678901234567890", "1e19", "2345678901234567890"),
            ("1e300", "7", "1"),
            ("-1e300", "1000", "-160"),
            ("1e300", "1e299", "0"),
            ("-170141183460469231731687303715884105728", "170141183460469231731687303715884105727", "-1"),
            ("-170141183460469231731687303715884105728", "1e300", "-1.7014118346046923e+38"),
            ("3", "1e400", "3"),
        ] {
            assert_eq!(rest(own, other), left, "{own} % {other}");
        }
        assert!(number("1e300").remainder(&number("0.9")).is_none());
    }

    #[test]
    fn their_order_is_exact_and_total() {
        let ordered = ["-1e400", "-2.5", "-2", "0", "0.5", "9007199254740992", "9007199254740993", "1e39", "1e400"];
        let mut numbers: Vec<_> = ordered.iter().map(|text| number(text)).collect();
        numbers.insert(0, Number::Float(f64::NAN));
        for (own_at, own) in numbers.iter().enumerate() {
            for (other_at, other) in numbers.iter().enumerate() {
                assert_eq!(own.order(other), own_at.cmp(&other_at), "{own} {other}");
            }
        }
        assert_eq!(Number::float(9_007_199_254_740_992.0).order(&number("9007199254740993")), Ordering::Less);
        assert_eq!(number("1.0").order(&number("1")), Ordering::Equal);
    }
}
