//! Functions of numbers.

use jaq_core::Error;

use super::native::{Given, of, with};
use crate::render::jq::{
    value::{Number, Thrown, Val},
    world::Function,
};

/// Makes a function of a number.
macro_rules! of_number {
    ($name:literal, $make:expr) => {
        of!($name, |value: Val| Ok(Val::from($make(number(&value)?))))
    };
}

/// Makes a function of two numbers, both of which are arguments.
macro_rules! of_numbers {
    ($name:literal, $make:expr) => {
        with!($name, 2, |_: Val, first: Val, second: Val| Ok(Val::from($make(number(&first)?, number(&second)?))))
    };
}

pub(super) fn all() -> Vec<Function> {
    let mut all = calculated();
    all.extend(rounded());
    all.extend([
        of!("nan", |_: Val| Ok(f64::NAN.into())),
        of!("infinite", |_: Val| Ok(f64::INFINITY.into())),
        of!("isnan", |value: Val| Ok(is(&value, f64::is_nan))),
        of!("isinfinite", |value: Val| Ok(is(&value, f64::is_infinite))),
        of!("isnormal", |value: Val| Ok(is(&value, f64::is_normal))),
        of!("significand", |value: Val| Ok(significand(number(&value)?).into())),
        of!("logb", |value: Val| Ok(exponent(number(&value)?).into())),
        of!("frexp", |value: Val| Ok(frexp(number(&value)?))),
        of!("modf", |value: Val| Ok(modf(number(&value)?))),
    ]);
    all
}

fn calculated() -> Vec<Function> {
    vec![
        of_number!("sqrt", f64::sqrt),
        of_number!("cbrt", f64::cbrt),
        of_number!("exp", f64::exp),
        of_number!("exp2", f64::exp2),
        of_number!("exp10", |number| f64::powf(10.0, number)),
        of_number!("expm1", f64::exp_m1),
        of_number!("log", f64::ln),
        of_number!("log2", f64::log2),
        of_number!("log10", f64::log10),
        of_number!("log1p", f64::ln_1p),
        of_number!("sin", f64::sin),
        of_number!("cos", f64::cos),
        of_number!("tan", f64::tan),
        of_number!("asin", f64::asin),
        of_number!("acos", f64::acos),
        of_number!("atan", f64::atan),
        of_number!("sinh", f64::sinh),
        of_number!("cosh", f64::cosh),
        of_number!("tanh", f64::tanh),
        of_number!("asinh", f64::asinh),
        of_number!("acosh", f64::acosh),
        of_number!("atanh", f64::atanh),
        of_numbers!("_pow", f64::powf),
        of_numbers!("_atan2", f64::atan2),
        of_numbers!("_hypot", f64::hypot),
        of_numbers!("_fmin", f64::min),
        of_numbers!("_fmax", f64::max),
        of_numbers!("_fmod", |first: f64, second: f64| first % second),
        of_numbers!("_fdim", |first: f64, second: f64| (first - second).max(0.0)),
        of_numbers!("_copysign", f64::copysign),
        of_numbers!("_ldexp", |first: f64, second: f64| first * second.exp2()),
    ]
}

/// Returns the rounding functions, which leave integers of any size unchanged.
fn rounded() -> Vec<Function> {
    vec![
        of!("floor", |value| round(value, f64::floor)),
        of!("ceil", |value| round(value, f64::ceil)),
        of!("round", |value| round(value, f64::round)),
        of!("trunc", |value| round(value, f64::trunc)),
        of!("rint", |value| round(value, f64::round_ties_even)),
        of!("nearbyint", |value| round(value, f64::round_ties_even)),
        of!("fabs", |value: Val| absolute(value)),
        of!("abs", |value: Val| absolute(value)),
    ]
}

fn number(value: &Val) -> Result<f64, Thrown> {
    exact(value).map(Number::to_f64)
}

fn exact(value: &Val) -> Result<&Number, Thrown> {
    value.as_number().ok_or_else(|| Error::str(format_args!("{} number required", value.named())))
}

/// Whether the value is a number with this property.
fn is(value: &Val, so: fn(f64) -> bool) -> Val {
    value.as_number().is_some_and(|number| so(number.to_f64())).into()
}

fn round(value: Val, round: fn(f64) -> f64) -> Given {
    let number = exact(&value)?;
    Ok(if number.to_whole().is_some() { value } else { round(number.to_f64()).into() })
}

fn absolute(value: Val) -> Given {
    let number = exact(&value)?;
    match number.to_whole() {
        Some(whole) if whole >= 0 => Ok(value),
        Some(_) => -value,
        None => Ok(number.to_f64().abs().into()),
    }
}

/// Returns the binary exponent of a number.
fn exponent(number: f64) -> f64 {
    match number {
        0.0 => f64::NEG_INFINITY,
        number if number.is_finite() => {
            // Subnormal numbers are scaled up first.
            let (scaled, moved) = if number.is_normal() { (number, 0.0) } else { (number * 2_f64.powi(60), 60.0) };
            f64::from((scaled.to_bits() >> 52 & 0x7ff) as i32 - 1023) - moved
        }
        number => number.abs(),
    }
}

/// Returns the significand of a number, from 1 to 2.
fn significand(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() { number } else { scaled(number, -exponent(number)) }
}

/// Scales in two steps, as one power of two may be too large.
fn scaled(number: f64, power: f64) -> f64 {
    let half = (power / 2.0).trunc();
    number * half.exp2() * (power - half).exp2()
}

fn frexp(number: f64) -> Val {
    let power = if number == 0.0 || !number.is_finite() { 0.0 } else { exponent(number) + 1.0 };
    vec![scaled(number, -power).into(), power.into()].into()
}

fn modf(number: f64) -> Val {
    let rest = if number.is_infinite() { 0.0 } else { number.fract() };
    vec![rest.copysign(number).into(), number.trunc().into()].into()
}
