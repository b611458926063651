//! Statistics of several measurements.

/// Measurements, sorted.
#[derive(Debug, Clone)]
pub struct Figures(Vec<f64>);

impl Figures {
    /// Sorts the measurements.
    pub fn new(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        Figures(values)
    }

    /// Returns the value that this part of the measurements does not exceed: 0.5 is the median.
    pub fn quantile(&self, part: f64) -> f64 {
        let last = self.0.len().saturating_sub(1);
        self.0.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
    }

    /// Returns the median.
    pub fn median(&self) -> f64 {
        self.quantile(0.5)
    }

    /// Returns the smallest one.
    pub fn least(&self) -> f64 {
        self.quantile(0.0)
    }

    /// Returns the largest one.
    pub fn most(&self) -> f64 {
        self.quantile(1.0)
    }

    /// Returns the number of measurements.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}
