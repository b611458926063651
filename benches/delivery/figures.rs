//! Several measurements of one thing.

/// Measurements, sorted.
#[derive(Debug, Clone)]
pub struct Figures(Vec<f64>);

impl Figures {
    /// From measurements in any order.
    pub fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Figures(values)
    }

    /// The one that this part of them does not exceed: 0.5 is the median.
    pub fn quantile(&self, part: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
    }

    /// The middle one.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// The smallest one.
    pub fn least(&self) -> f64 {
        self.quantile(0.0)
    }

    /// The largest one.
    pub fn most(&self) -> f64 {
        self.quantile(1.0)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}
