//! The shell's own commands, which never reach the agent: small windows, files, the look.
//!
//! Declared in the contract's second list, so that a command without a body does not compile and
//! the permission files can tell windows apart. Not here: forwards (`commands`).

use qrcode::QrCode;
use strongroom_secret::SecretText;
use strongroom_wire::{
    Act, Arrival, AskExchange, AskStarted, AskWithCode, CardQr, CardWrite, Check, Checked,
    ChoosePath, ChosenPath, ContactAdded, ContactFile, Copied, Copy, CopyField, CopyStarted, Done,
    ErrorCode, EvidenceWrite, EvidenceWritten, ExportAsk, ExportDone, ExportWrite, Fault, Finish,
    ImportFile, ImportFileOpen, ImportPlanView, KeySelector, LoginStart, LookSet, LookView,
    Nothing, OpenWindow, PageOpen, PlaybookList, QrText, QrView, ReportWrite, ReportWritten,
    SecretField, ShareFile, ShareFileOpen, ShareMade, ShareOpened, ShareWrite, ShellEvent, StepUp,
    Task, Written, command,
};
use tauri::ipc::Invoke;
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::arrival::Waiting;
use crate::commands::Agent;
use crate::small::{self, Tasks};
use crate::team::{self, LastOpened};
use crate::{browser, export, files, link, login, look, papers, windows};

/// Each runs on a thread that may wait.
macro_rules! shell_commands {
    ($($name:ident($request:ident) -> $reply:ident, [$($window:ident),*];)*) => {
        mod command_of {
            use strongroom_wire as wire;

            $(#[tauri::command]
            pub(super) async fn $name(
                window: tauri::WebviewWindow,
                request: wire::$request,
            ) -> Result<tauri::ipc::Response, wire::Fault> {
                let run = move || super::$name(&window, request);
                let reply: wire::$reply = crate::commands::waiting(run).await?;
                crate::commands::response(stringify!($name), &reply)
            })*
        }

        pub(crate) fn commands() -> impl Fn(Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$(command_of::$name),*]
        }

        /// By name, in the order of the list.
        pub(crate) const OWN: &[&str] = &[$(stringify!($name)),*];
    };
}
strongroom_wire::for_each_shell_command!(shell_commands);

fn open_window(window: &WebviewWindow, request: OpenWindow) -> Result<Done, Fault> {
    let app = window.app_handle();
    let task = truthful(app, request.task)?;
    small::open(app, task)?;
    Ok(Done {})
}

/// What a small window tells the person comes from the agent and not from the page that asked for
/// it: a page that lies must not get one key destroyed under the name of another.
fn truthful(app: &AppHandle, mut task: Task) -> Result<Task, Fault> {
    let agent = app.state::<Agent>();
    let key_of = |key: &str| {
        let key = key.to_owned();
        let shown = agent.ask::<command::show>(KeySelector { key });
        shown.map(|view| view.row)
    };
    match &mut task {
        Task::ReplaceSecret {
            key,
            label,
            exchange,
        }
        | Task::StageSecret {
            key,
            label,
            exchange,
        } => {
            let row = key_of(key)?;
            (*key, *label, *exchange) = (row.id, row.label, row.exchange);
        }
        Task::Reveal { key, label, .. }
        | Task::StepUp {
            act: Act::Copy { key, label, .. } | Act::Purge { key, label, .. },
        } => {
            let row = key_of(key)?;
            (*key, *label) = (row.id, row.label);
        }
        Task::StepUp {
            act:
                Act::AskExchange {
                    key,
                    label,
                    exchange_name,
                }
                | Act::AskElsewhere {
                    key,
                    label,
                    exchange_name,
                }
                | Act::ReadAnswer {
                    key,
                    label,
                    exchange_name,
                }
                | Act::ScheduleChecks {
                    key,
                    label,
                    exchange_name,
                    ..
                },
        } => {
            let row = key_of(key)?;
            (*key, *label, *exchange_name) = (row.id, row.label, row.exchange_name);
        }
        Task::StepUp {
            act: Act::RemoveDevice { id, name },
        } => {
            let known = agent.ask::<command::device_list>(Nothing {})?;
            let device = known.devices.into_iter().find(|device| device.id == *id);
            let missing = || Fault::new(ErrorCode::NotFound, "there is no such device");
            *name = device.ok_or_else(missing)?.name;
        }
        Task::StepUp {
            act:
                Act::Export {
                    which,
                    format,
                    keys,
                    ..
                },
        } => {
            let ask = ExportAsk {
                which: which.clone(),
                format: *format,
            };
            *keys = agent.ask::<command::export_plan>(ask)?.keys;
        }
        Task::StepUp { act } if team::is_about(act) => {
            team::make_truthful(&agent, &app.state::<LastOpened>(), act)?;
        }
        Task::AddKey { .. }
        | Task::ChangePassword {}
        | Task::TestKit {}
        | Task::OpenImport { .. }
        | Task::OpenShare { .. }
        | Task::StepUp { .. }
        | Task::Create {}
        | Task::ResetTotp {} => {}
    }
    Ok(task)
}

/// While a grace runs no window is needed: the agent decides, and what is copied goes from it to
/// the clipboard.
fn copy_field(window: &WebviewWindow, request: CopyField) -> Result<CopyStarted, Fault> {
    let app = window.app_handle();
    let CopyField { key, label, field } = request;
    let copy = Copy {
        key: key.clone(),
        field: field.clone(),
        step_up: None,
    };
    let agent = app.state::<Agent>();
    match agent.ask::<command::copy>(copy) {
        Ok(Copied { clears_after_s }) => Ok(CopyStarted::Copied { clears_after_s }),
        Err(fault) if fault.code == ErrorCode::StepUpRequired => {
            let act = Act::Copy { key, label, field };
            small::open(app, truthful(app, Task::StepUp { act })?)?;
            Ok(CopyStarted::Asked {})
        }
        Err(fault) => Err(fault),
    }
}

/// While a grace runs no window is needed, as with a copy. That grace is bound to the connection of
/// the windows, so that they wait as long as the exchange takes.
fn ask_exchange(window: &WebviewWindow, request: AskExchange) -> Result<AskStarted, Fault> {
    let app = window.app_handle();
    let AskExchange { key, label } = request;
    let agent = app.state::<Agent>();
    match agent.ask::<command::check>(question(key.clone(), None, None)) {
        Ok(checked) => Ok(AskStarted::Checked {
            checked: Box::new(checked),
        }),
        Err(fault) if fault.code == ErrorCode::StepUpRequired => {
            let act = Act::AskExchange {
                key,
                label,
                exchange_name: String::new(),
            };
            small::open(app, truthful(app, Task::StepUp { act })?)?;
            Ok(AskStarted::Asked {})
        }
        Err(fault) => Err(fault),
    }
}

fn ask_with_code(window: &WebviewWindow, request: AskWithCode) -> Result<Checked, Fault> {
    let AskWithCode {
        key,
        answer,
        step_up,
    } = request;
    let agent = window.state::<Agent>();
    let beside = agent.link.beside();
    beside.call::<command::check>(
        question(key, answer, Some(step_up)),
        &link::start_if_absent(),
    )
}

fn question(key: String, answer: Option<SecretField>, step_up: Option<StepUp>) -> Check {
    Check {
        key,
        nonce: None,
        loopback: None,
        answer,
        step_up,
    }
}

fn task(window: &WebviewWindow, _: Nothing) -> Result<Task, Fault> {
    window.state::<Tasks>().of(window.label()).ok_or_else(|| {
        Fault::new(
            ErrorCode::NotFound,
            "this window has nothing to do; close it",
        )
    })
}

fn finish(window: &WebviewWindow, request: Finish) -> Result<Done, Fault> {
    let agent = window.state::<Agent>();
    if agent.onboarding.end(window.label()) {
        window.state::<Waiting>().put(Arrival {
            created: true,
            ..Arrival::default()
        });
        agent.nudge.now();
    } else {
        small::finish(window, request.outcome);
    }
    Ok(Done {})
}

fn arrival(window: &WebviewWindow, _: Nothing) -> Result<Arrival, Fault> {
    Ok(window.state::<Waiting>().take())
}

fn choose_path(window: &WebviewWindow, request: ChoosePath) -> Result<ChosenPath, Fault> {
    files::choose(window, request.purpose)
}

fn import_file(window: &WebviewWindow, request: ImportFile) -> Result<ImportPlanView, Fault> {
    files::import(window.app_handle(), request, None)
}

fn import_file_open(
    window: &WebviewWindow,
    request: ImportFileOpen,
) -> Result<ImportPlanView, Fault> {
    let ImportFileOpen { file, password } = request;
    files::import(window.app_handle(), file, Some(password))
}

fn page_open(window: &WebviewWindow, request: PageOpen) -> Result<Done, Fault> {
    browser::open(window, request)
}

fn playbooks(_: &WebviewWindow, _: Nothing) -> Result<PlaybookList, Fault> {
    Ok(papers::playbooks())
}

fn evidence_write(
    window: &WebviewWindow,
    request: EvidenceWrite,
) -> Result<EvidenceWritten, Fault> {
    papers::write_evidence(&window.state::<Agent>(), &request)
}

fn report_write(window: &WebviewWindow, request: ReportWrite) -> Result<ReportWritten, Fault> {
    papers::write_report(&window.state::<Agent>(), &request)
}

fn card_qr(window: &WebviewWindow, _: Nothing) -> Result<CardQr, Fault> {
    let card = team::own_card(&window.state::<Agent>())?;
    drawn(card.card.as_bytes()).map(|rows| CardQr { rows })
}

fn card_write(window: &WebviewWindow, request: CardWrite) -> Result<Written, Fault> {
    team::write_card(&window.state::<Agent>(), &request.path)
}

fn contact_file(window: &WebviewWindow, request: ContactFile) -> Result<ContactAdded, Fault> {
    team::read_card(&window.state::<Agent>(), &request.path)
}

fn share_file(window: &WebviewWindow, request: ShareFile) -> Result<ShareOpened, Fault> {
    team::open_share(window.app_handle(), &request.path, None)
}

fn share_file_open(window: &WebviewWindow, request: ShareFileOpen) -> Result<ShareOpened, Fault> {
    let passphrase = Some(request.passphrase);
    team::open_share(window.app_handle(), &request.path, passphrase)
}

fn share_write(window: &WebviewWindow, request: ShareWrite) -> Result<ShareMade, Fault> {
    team::write_share(&window.state::<Agent>(), request)
}

fn export_write(window: &WebviewWindow, request: ExportWrite) -> Result<ExportDone, Fault> {
    export::write(&window.state::<Agent>(), request)
}

fn qr(_: &WebviewWindow, request: QrText) -> Result<QrView, Fault> {
    let text = request.text.into_secret();
    // EXPOSE: the code is drawn from the text, on the screen of the person who made it.
    let rows = drawn(text.expose().as_bytes())?.into_iter();
    Ok(QrView {
        rows: rows
            .map(|row| SecretField::new(SecretText::new(row)))
            .collect(),
    })
}

/// A QR code's rows of `0` and `1`.
fn drawn(text: &[u8]) -> Result<Vec<String>, Fault> {
    let code = QrCode::new(text)
        .map_err(|_| Fault::new(ErrorCode::Invalid, "that is too long for a QR code"))?;
    let dots = code.to_colors();
    let rows = dots.chunks(code.width());
    Ok(rows
        .map(|row| row.iter().map(|dot| dot.select('1', '0')).collect())
        .collect())
}

fn look(_: &WebviewWindow, _: Nothing) -> Result<LookView, Fault> {
    Ok(look::view())
}

fn look_set(window: &WebviewWindow, request: LookSet) -> Result<LookView, Fault> {
    let app = window.app_handle();
    let look = look::set(app, request.theme).map_err(|_| {
        Fault::new(
            ErrorCode::ReadOnly,
            "the look could not be kept: the state folder cannot be written",
        )
    })?;
    windows::tell_all(app, &ShellEvent::LookChanged { look: look.clone() });
    Ok(look)
}

fn login_start(_: &WebviewWindow, _: Nothing) -> Result<LoginStart, Fault> {
    login::is_on()
}

fn login_start_set(_: &WebviewWindow, request: LoginStart) -> Result<LoginStart, Fault> {
    login::set(request)
}
