//! The rule for a master password: zxcvbn 3 of 4 and twelve characters. No composition rules.

use strongroom_secret::SecretText;

const LEAST_CHARACTERS: usize = 12;
/// What zxcvbn is given to judge; its time grows with the square of the length.
const JUDGED_CHARACTERS: usize = 100;
/// Nobody types more, and NFC and Argon2 need not see more.
const MOST_BYTES: usize = 4096;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    #[error("the password is too short: use at least 12 characters")]
    TooShort,
    #[error("the password is too easy to guess: use a few more unrelated words")]
    TooGuessable,
    #[error("the password is longer than 4096 bytes")]
    TooLong,
}

pub fn check_password(password: &SecretText) -> Result<(), PasswordRefused> {
    // EXPOSE: judged for strength; the estimate keeps nothing.
    let text = password.expose();
    if text.len() > MOST_BYTES {
        return Err(PasswordRefused::TooLong);
    }
    if text.chars().count() < LEAST_CHARACTERS {
        return Err(PasswordRefused::TooShort);
    }
    let end = text
        .char_indices()
        .nth(JUDGED_CHARACTERS)
        .map_or(text.len(), |(index, _)| index);
    let strength = zxcvbn::zxcvbn(&text[..end], &["strongroom"]);
    if strength.score() < zxcvbn::Score::Three {
        return Err(PasswordRefused::TooGuessable);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_or_guessable_passwords_are_refused() {
        let check = |text: &str, expected: Result<(), PasswordRefused>| {
            assert_eq!(
                check_password(&SecretText::new(text.to_owned())),
                expected,
                "{text}"
            );
        };
        check("hQ7!k2", Err(PasswordRefused::TooShort));
        check("passwordpassword", Err(PasswordRefused::TooGuessable));
        check("aaaaaaaaaaaaaaaaaa", Err(PasswordRefused::TooGuessable));
        check("correct horse battery staple", Ok(()));
        check("ウサギとカメは夜の川を渡った", Ok(()));
        check(&"x7Kq ".repeat(1000), Err(PasswordRefused::TooLong));
    }
}
