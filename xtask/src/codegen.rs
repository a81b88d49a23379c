//! TypeScript twins of wire's types and the typed list of commands, for the front end.
//!
//! The result is committed, so that the front end builds without Rust; a test refuses a committed
//! file that wire has moved away from. Not here: the client that uses it (`ui/src/backend`).

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;

use strongroom_wire::{
    COMMANDS, Command, ErrorCode, Fault, RAW_REPLIES, SHELL_COMMANDS, ShellEvent, command,
    shell_command,
};
use ts_rs::{Config, TS, TypeVisitor};

use crate::workspace;

const TARGET: &str = "ui/src/backend/generated/wire.ts";

pub(crate) fn run() -> Result<(), String> {
    let path = workspace::root().join(TARGET);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|problem| format!("{TARGET}: {problem}"))?;
    }
    std::fs::write(&path, generated()).map_err(|problem| format!("{TARGET}: {problem}"))
}

fn generated() -> String {
    let mut types = Types::default();
    let mut map = String::new();
    macro_rules! commands {
        ($($name:ident($request:ident) -> $reply:ident, [$($window:ident),*];)*) => {
            $(types.command::<command::$name>(&mut map);)*
        };
    }
    macro_rules! shell_commands {
        ($($name:ident($request:ident) -> $reply:ident, [$($window:ident),*];)*) => {
            $(types.command::<shell_command::$name>(&mut map);)*
        };
    }
    strongroom_wire::for_each_command!(commands);
    map.push_str("\n  // Of the shell itself.\n");
    strongroom_wire::for_each_shell_command!(shell_commands);
    types.visit::<Fault>();
    types.visit::<ShellEvent>();

    let mut text = String::from(
        "// Generated from crates/wire by `cargo xtask codegen`; a test refuses edits by hand.\n\n",
    );
    for declaration in types.declarations.values() {
        text.push_str(declaration);
        text.push('\n');
    }
    let codes: Vec<String> = ErrorCode::ALL
        .iter()
        .map(|code| format!("  \"{}\",\n", code.as_str()))
        .collect();
    let _ = write!(
        text,
        "/** Every code, so that a test can show that each has words. */\n\
         export const ERROR_CODES: readonly ErrorCode[] = [\n{}];\n\n\
         /** What each command takes and gives. */\n\
         export interface Commands {{\n{map}}}\n\n\
         /** The windows that may call each command; the shell's permissions say the same. */\n\
         export const WINDOWS = {{\n{}}} as const;\n\n\
         /** Commands whose reply comes as bytes, because it holds a secret. */\n\
         export const RAW_REPLIES: readonly string[] = {RAW_REPLIES:?};\n",
        codes.concat(),
        windows(),
    );
    // ts-rs leaves blanks at the ends of lines.
    text.lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect()
}

fn windows() -> String {
    let mut lines = String::new();
    for (name, windows) in COMMANDS.iter().chain(SHELL_COMMANDS) {
        let labels: Vec<String> = windows
            .iter()
            .map(|window| format!("\"{}\"", window.label()))
            .collect();
        let _ = writeln!(lines, "  {name}: [{}],", labels.join(", "));
    }
    lines
}

/// Declarations by name, of every type a command reaches.
#[derive(Default)]
struct Types {
    declarations: BTreeMap<String, String>,
    seen: HashSet<TypeId>,
}

impl Types {
    fn command<C: Command>(&mut self, map: &mut String)
    where
        C::Request: TS + 'static,
        C::Reply: TS + 'static,
    {
        self.visit::<C::Request>();
        self.visit::<C::Reply>();
        let (request, reply) = (C::Request::name(&config()), C::Reply::name(&config()));
        let _ = writeln!(
            map,
            "  {}: {{ request: {request}; reply: {reply} }};",
            C::NAME
        );
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Only derived types have a place to be exported to; the rest are TypeScript's own.
        if T::output_path().is_some() {
            let config = config();
            let mut text = String::new();
            if let Some(docs) = T::docs() {
                text.push_str(&docs);
            }
            let _ = writeln!(text, "export {}", T::decl(&config));
            self.declarations.insert(T::ident(&config), text);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// 64-bit integers are plain numbers: times in milliseconds and sizes stay far below 2^53.
fn config() -> Config {
    Config::new().with_large_int("number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_bindings_are_those_of_wire() {
        let committed = std::fs::read_to_string(workspace::root().join(TARGET)).unwrap_or_default();
        assert!(
            committed == generated(),
            "{TARGET} is not what wire says now: run `cargo xtask codegen` and commit it"
        );
    }

    #[test]
    fn each_command_stands_in_the_map_with_its_types() {
        let text = generated();
        for line in [
            "  unlock: { request: Unlock; reply: Unlocked };",
            "  list: { request: KeyList; reply: KeyPage };",
            "  unlock: [\"unlock\"],",
            "  serve: [],",
            "  copy_field: { request: CopyField; reply: CopyStarted };",
        ] {
            assert!(text.contains(line), "no line `{line}`");
        }
        assert!(!text.contains("bigint"));
    }
}
