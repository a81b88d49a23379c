//! The score: a hundred, less what each rule costs. Nothing is weighed that is not said.
//!
//! The first finding of a rule costs the weight of its severity, every further one a quarter of it,
//! and a rule never costs more than twice its weight: the tenth key without an allowlist is not
//! ten times the news. What was accepted costs nothing and is counted beside.

use super::{Finding, Rule, Severity};

/// Points from 0 to 100, with where the rest went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    pub points: u32,
    /// Worst first; only rules with findings.
    pub lines: Vec<ScoreLine>,
}

/// What one rule costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreLine {
    pub rule: &'static Rule,
    pub open: usize,
    pub accepted: usize,
    pub cost: u32,
}

const WHOLE: u32 = 100;

impl Severity {
    /// What the first finding of a rule costs.
    pub fn weight(self) -> u32 {
        match self {
            Self::Critical => 40,
            Self::High => 16,
            Self::Medium => 8,
            Self::Low => 4,
        }
    }
}

fn cost(severity: Severity, open: usize) -> u32 {
    let weight = severity.weight();
    let further = u32::try_from(open.saturating_sub(1)).unwrap_or(u32::MAX);
    if open == 0 {
        return 0;
    }
    weight
        .saturating_add(further.saturating_mul(weight / 4))
        .min(2 * weight)
}

impl Score {
    /// Of findings in the order of their rules.
    pub(super) fn of(findings: &[Finding]) -> Self {
        let mut lines: Vec<ScoreLine> = Vec::new();
        for finding in findings {
            if lines
                .last()
                .is_none_or(|line| line.rule.id != finding.rule.id)
            {
                lines.push(ScoreLine {
                    rule: finding.rule,
                    open: 0,
                    accepted: 0,
                    cost: 0,
                });
            }
            if let Some(line) = lines.last_mut() {
                line.open += usize::from(finding.is_open());
                line.accepted += usize::from(!finding.is_open());
            }
        }
        for line in &mut lines {
            line.cost = cost(line.rule.severity, line.open);
        }
        let lost: u32 = lines.iter().map(|line| line.cost).sum();
        Self {
            points: WHOLE.saturating_sub(lost),
            lines,
        }
    }

    /// One sentence: where every point went.
    pub fn words(&self) -> String {
        let costs: Vec<String> = self
            .lines
            .iter()
            .filter(|line| line.cost > 0)
            .map(|line| format!("{} for {} × {}", line.cost, line.open, line.rule.id))
            .collect();
        if costs.is_empty() {
            return "100 of 100: nothing is open.".to_owned();
        }
        let lost: u32 = self.lines.iter().map(|line| line.cost).sum();
        let floor = if lost > WHOLE {
            ", and it does not go below 0"
        } else {
            ""
        };
        format!("{} of 100: less {}{floor}.", self.points, costs.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_costs_its_weight_then_a_quarter_each_and_never_more_than_twice() {
        for (severity, open, expected) in [
            (Severity::Critical, 0, 0),
            (Severity::Critical, 1, 40),
            (Severity::Critical, 2, 50),
            (Severity::Critical, 5, 80),
            (Severity::Critical, 10_000, 80),
            (Severity::High, 1, 16),
            (Severity::High, 3, 24),
            (Severity::Medium, 1, 8),
            (Severity::Medium, 2, 10),
            (Severity::Low, 1, 4),
            (Severity::Low, 2, 5),
            (Severity::Low, usize::MAX, 8),
        ] {
            assert_eq!(cost(severity, open), expected, "{severity:?} {open}");
        }
    }
}
