//! Text that somebody else wrote, made safe to print on a terminal or in a paper.
//!
//! Not here: JSON, where serde escapes what needs it.

/// Control characters (which move the cursor, rename the window, hide text), line separators and
/// the characters that turn the direction of writing or have no shape at all are shown escaped.
pub fn sanitise(text: &str) -> String {
    if text.chars().all(is_shown) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| {
            if is_shown(c) {
                c.to_string()
            } else {
                c.escape_unicode().to_string()
            }
        })
        .collect()
}

/// Several lines, such as notes: line ends stay, everything else is as in [`sanitise`].
pub fn sanitise_lines(text: &str) -> String {
    text.lines().map(sanitise).collect::<Vec<_>>().join("\n")
}

fn is_shown(c: char) -> bool {
    !c.is_control() && !is_deceptive(c)
}

/// Unicode 15.1: bidirectional controls, invisible format characters, line and paragraph
/// separators, tags, variation selectors beyond the common ones, and fillers that show as nothing.
fn is_deceptive(c: char) -> bool {
    matches!(
        c,
        '\u{00ad}'
            | '\u{034f}'
            | '\u{061c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0e}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, shown: &str) {
        assert_eq!(sanitise(text), shown, "{text:?}");
    }

    #[test]
    fn what_moves_hides_or_turns_text_is_escaped() {
        check("binance-main", "binance-main");
        check("Köln 東京 ✓", "Köln 東京 ✓");
        check("a\x1b[31mb", "a\\u{1b}[31mb");
        check("a\u{9b}31m", "a\\u{9b}31m");
        check("a\rb\nc\td", "a\\u{d}b\\u{a}c\\u{9}d");
        check("ab\u{202e}dc", "ab\\u{202e}dc");
        check("a\u{2066}b\u{2069}", "a\\u{2066}b\\u{2069}");
        check("zero\u{200b}width", "zero\\u{200b}width");
        check("tag\u{e0041}", "tag\\u{e0041}");
        assert_eq!(sanitise_lines("one\r\ntwo\u{7}"), "one\ntwo\\u{7}");
    }

    proptest! {
        #[test]
        fn no_control_character_ever_gets_through(text in any::<String>()) {
            let shown = sanitise(&text);
            prop_assert!(shown.chars().all(is_shown));
            if text.chars().all(is_shown) {
                prop_assert_eq!(shown, text);
            }
        }
    }
}
