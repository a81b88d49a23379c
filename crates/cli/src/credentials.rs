//! Where passwords and codes come from: the descriptor named for them, else the terminal.
//!
//! Not here: whether they are right; the agent alone can say, and never which of them was wrong.

use strongroom_secret::SecretText;
use strongroom_wire::{Code, CodeKind, SecretField, StepUp};

use crate::ask::Terminal;
use crate::failure::Failure;
use crate::link::Context;

/// What proves that the person is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    Code,
    CodeAndPassword,
}

/// Shortest password the vault takes.
const SHORTEST: usize = 12;

impl Context {
    /// The vault's password.
    pub(crate) fn password(&mut self) -> Result<SecretField, Failure> {
        if let Some(number) = self.global.password_fd {
            return Ok(self.descriptors.line(number, "--password-fd")?.into());
        }
        let mut terminal = Terminal::required("give the password through --password-fd N")?;
        Ok(terminal.secret("Password: ")?.into())
    }

    /// A code of the authenticator's, or a recovery code in its place.
    pub(crate) fn code(&mut self) -> Result<Code, Failure> {
        if let Some(number) = self.global.totp_fd {
            let value = self.descriptors.line(number, "--totp-fd")?;
            return Ok(code(CodeKind::Totp, value));
        }
        if let Some(number) = self.global.recovery_code_fd {
            let value = self.descriptors.line(number, "--recovery-code-fd")?;
            return Ok(code(CodeKind::Recovery, value));
        }
        let mut terminal = Terminal::required(
            "give a code through --totp-fd N, or a recovery code through --recovery-code-fd N",
        )?;
        let value = terminal.secret("Code: ")?;
        Ok(code(kind_of(&value), value))
    }

    /// Proof of presence for one act. The password is asked first, where it is needed.
    pub(crate) fn step_up(&mut self, proof: Proof) -> Result<StepUp, Failure> {
        let password = match proof {
            Proof::Code => None,
            Proof::CodeAndPassword => Some(self.password()?),
        };
        Ok(StepUp {
            code: self.code()?,
            password,
        })
    }

    /// A password to come, typed twice after `asked`; or once through the descriptor.
    pub(crate) fn new_password(
        &mut self,
        descriptor: Option<i32>,
        option: &str,
        asked: &str,
    ) -> Result<SecretField, Failure> {
        if let Some(number) = descriptor {
            let password = self.descriptors.line(number, option)?;
            check_length(&password)?;
            return Ok(password.into());
        }
        let mut terminal = Terminal::required(&format!("give the password through {option} N"))?;
        loop {
            let password = terminal.secret(asked)?;
            if let Err(refusal) = check_length(&password) {
                terminal.say(&format!("{refusal}\n"))?;
                continue;
            }
            let (score, words) = strength(&password);
            terminal.say(&format!("{words}\n"))?;
            if score < 3 {
                continue;
            }
            let again = terminal.secret("Again: ")?;
            if again.ct_eq(&password) {
                return Ok(password.into());
            }
            terminal.say("The two differ. Type both once more.\n")?;
        }
    }

    /// The recovery secret as it stands on the kit.
    pub(crate) fn recovery_secret(
        &mut self,
        descriptor: Option<i32>,
    ) -> Result<SecretField, Failure> {
        if let Some(number) = descriptor {
            return Ok(self
                .descriptors
                .line(number, "--recovery-secret-fd")?
                .into());
        }
        let mut terminal =
            Terminal::required("give the kit's secret through --recovery-secret-fd N")?;
        Ok(terminal.secret("Recovery secret (from the kit): ")?.into())
    }
}

fn code(kind: CodeKind, value: SecretText) -> Code {
    Code {
        kind,
        value: SecretField::new(value),
    }
}

/// Six digits are the authenticator's, in groups or not; anything else is a recovery code.
fn kind_of(value: &SecretText) -> CodeKind {
    // EXPOSE: only the shape is looked at.
    let text = value.expose();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let only = text
        .chars()
        .all(|c| c.is_ascii_digit() || c == ' ' || c == '-');
    if only && digits <= 8 {
        CodeKind::Totp
    } else {
        CodeKind::Recovery
    }
}

fn check_length(password: &SecretText) -> Result<(), Failure> {
    // EXPOSE: counted, not kept.
    if password.expose().chars().count() < SHORTEST {
        return Err(Failure::invalid(format!(
            "the password is shorter than {SHORTEST} characters; several unrelated words make a \
             good one"
        )));
    }
    Ok(())
}

/// zxcvbn's score, in words. The vault itself decides; this saves the person a round.
fn strength(password: &SecretText) -> (u8, &'static str) {
    // EXPOSE: measured in memory that is wiped when it is given back.
    let score = u8::from(zxcvbn::zxcvbn(password.expose(), &[]).score());
    let words = match score {
        0 | 1 => "Guessed within hours: too weak. Several unrelated words make a good one.",
        2 => "Guessed within weeks: too weak. Add another unrelated word.",
        3 => "Strong enough.",
        _ => "Strong.",
    };
    (score, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_code_is_told_by_its_shape() {
        for (typed, kind) in [
            ("123456", CodeKind::Totp),
            ("123 456", CodeKind::Totp),
            ("12345", CodeKind::Totp),
            ("ABCDE-FGHIJ-KLMNO-PQRST-UVWXY", CodeKind::Recovery),
            ("23456-72345-67234-56723-45672", CodeKind::Recovery),
        ] {
            assert!(
                kind_of(&SecretText::new(typed.to_owned())) == kind,
                "{typed}"
            );
        }
    }

    #[test]
    fn strength_is_said_in_words() {
        for (password, enough) in [
            ("password1234", false),
            ("aaaaaaaaaaaaaaaa", false),
            ("seventeen brass hinges, oiled", true),
        ] {
            let (score, words) = strength(&SecretText::new(password.to_owned()));
            assert_eq!(score >= 3, enough, "{password}: {words}");
        }
        let short = check_length(&SecretText::new("eleven char".to_owned()));
        assert!(
            short
                .expect_err("short")
                .to_string()
                .contains("12 characters")
        );
    }
}
