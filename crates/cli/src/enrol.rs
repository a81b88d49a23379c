//! Enrolling an authenticator: the QR code on the terminal and as a file, and one code typed back.
//!
//! Not here: the seed's making and checking, which are the vault's.

use std::path::Path;

use qrcode::render::{svg, unicode};
use qrcode::{EcLevel, QrCode};
use strongroom_secret::SecretText;
use strongroom_wire::SecretField;

use crate::ask::Terminal;
use crate::failure::Failure;
use crate::file_out::write_new;

/// Shows the code and the seed on the terminal.
pub(crate) fn show(
    terminal: &mut Terminal,
    otpauth: &SecretField,
    seed: &SecretField,
) -> Result<(), Failure> {
    let qr = encode(otpauth.secret())?;
    // The quiet zone and explicit colours: scanners want dark on light, whatever the theme.
    let drawn = qr
        .render::<unicode::Dense1x2>()
        .dark_color(unicode::Dense1x2::Light)
        .light_color(unicode::Dense1x2::Dark)
        .quiet_zone(true)
        .build();
    let mut text = String::from("\nScan this with your authenticator app:\n\n");
    for line in drawn.lines() {
        text.push_str(&format!("  \x1b[97;40m{line}\x1b[0m\n"));
    }
    // EXPOSE: the person may have to type the seed where no camera is at hand.
    let seed = seed.secret().expose();
    text.push_str(&format!(
        "\nOr type this key into it: {}\n\n",
        grouped(seed)
    ));
    terminal.say(&text)
}

/// Writes the code as a picture, for its owner alone. The file is as good as the authenticator.
pub(crate) fn write_picture(path: &Path, otpauth: &SecretField) -> Result<(), Failure> {
    if path.extension().is_none_or(|ending| ending != "svg") {
        return Err(Failure::invalid(
            "the picture is written as SVG: name a file ending in .svg",
        ));
    }
    let picture = encode(otpauth.secret())?
        .render::<svg::Color<'_>>()
        .min_dimensions(320, 320)
        .quiet_zone(true)
        .build();
    write_new(path, picture.as_bytes())
}

fn encode(otpauth: &SecretText) -> Result<QrCode, Failure> {
    // EXPOSE: the picture is for the person's authenticator.
    QrCode::with_error_correction_level(otpauth.expose(), EcLevel::M)
        .map_err(|_| Failure::invalid("the name is too long for a QR code; give a shorter --name"))
}

/// In fours, as authenticators show it.
fn grouped(seed: &str) -> String {
    let letters: Vec<char> = seed.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_is_svg_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let uri = "otpauth://totp/Strongroom:a?secret=JBSWY3DPEHPK3PXP&issuer=Strongroom";
        let otpauth = SecretField::new(SecretText::new(uri.to_owned()));
        let path = folder.path().join("code.svg");
        write_picture(&path, &otpauth).expect("written");
        let text = std::fs::read_to_string(&path).expect("read");
        assert!(text.contains("<svg") && !text.contains("JBSWY3DPEHPK3PXP"));
        assert!(write_picture(&folder.path().join("code.png"), &otpauth).is_err());
    }

    #[test]
    fn the_seed_is_typed_in_fours() {
        assert_eq!(grouped("JBSWY3DPEHPK3PXPAB"), "JBSW Y3DP EHPK 3PXP AB");
    }
}
