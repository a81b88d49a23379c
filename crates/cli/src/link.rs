//! What a subcommand works with: the options given everywhere, the output, and the one connection
//! to the agent, made when it is first needed.

use std::os::fd::BorrowedFd;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use strongroom_client::{ConnectError, Connection, Identity, Start};
use strongroom_wire::{Command, ErrorCode, HelloReply, Nothing, StatusView, VaultState, command};

use crate::app::Global;
use crate::descriptors::Descriptors;
use crate::failure::Failure;
use crate::output::Output;
use crate::vault_folder::vault_folder;

pub(crate) const IDENTITY: Identity = Identity {
    client: "cli",
    version: env!("CARGO_PKG_VERSION"),
};

#[derive(Debug)]
pub(crate) struct Context {
    pub(crate) global: Global,
    pub(crate) output: Output,
    pub(crate) descriptors: Descriptors,
    vault: Option<PathBuf>,
    connection: Option<Connection>,
}

impl Context {
    pub(crate) fn new(global: Global, output: Output) -> Self {
        Self {
            global,
            output,
            descriptors: Descriptors::default(),
            vault: None,
            connection: None,
        }
    }

    /// Absolute folder of the vault that is meant.
    pub(crate) fn vault(&mut self) -> Result<&Path, Failure> {
        if self.vault.is_none() {
            self.vault = Some(vault_folder(self.global.vault.as_deref())?);
        }
        self.vault
            .as_deref()
            .ok_or_else(|| Failure::new(ErrorCode::Internal, "the vault's folder is not known"))
    }

    /// Calls a command of the vault that is meant, starting the agent if there is none.
    pub(crate) fn call<C: Command>(&mut self, request: C::Request) -> Result<C::Reply, Failure> {
        self.exchange::<C>(request, None)
    }

    /// The same with an open file beside the request.
    pub(crate) fn call_with_file<C: Command>(
        &mut self,
        request: C::Request,
        file: BorrowedFd<'_>,
    ) -> Result<C::Reply, Failure> {
        self.exchange::<C>(request, Some(file))
    }

    fn exchange<C: Command>(
        &mut self,
        request: C::Request,
        file: Option<BorrowedFd<'_>>,
    ) -> Result<C::Reply, Failure> {
        let vault = self.vault()?.to_owned();
        let connection = self.connection()?;
        let reply = match file {
            None => connection.call::<C>(&vault, request)?,
            Some(file) => connection.call_with_file::<C>(&vault, request, file)?,
        };
        Ok(reply)
    }

    /// Calls a command for one page after the other: see [`Connection::call_pages`].
    pub(crate) fn call_pages<C: Command, P: DeserializeOwned>(
        &mut self,
        first: C::Request,
        next: impl FnMut(&P) -> Option<C::Request>,
        take: impl FnMut(P),
    ) -> Result<(), Failure> {
        let vault = self.vault()?.to_owned();
        self.connection()?
            .call_pages::<C, P>(&vault, first, next, take)?;
        Ok(())
    }

    fn connection(&mut self) -> Result<&mut Connection, Failure> {
        if self.connection.is_none() {
            self.connection = Some(Connection::open(IDENTITY, &Start::IfAbsent(None))?);
        }
        self.connection
            .as_mut()
            .ok_or_else(|| Failure::new(ErrorCode::NoAgent, "there is no connection"))
    }

    /// Connects to an agent that runs already. `false` if none does.
    pub(crate) fn connect_to_running(&mut self) -> Result<bool, Failure> {
        if self.connection.is_some() {
            return Ok(true);
        }
        match Connection::open(IDENTITY, &Start::Never) {
            Ok(connection) => {
                self.connection = Some(connection);
                Ok(true)
            }
            Err(ConnectError::NotRunning) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// What the agent that runs says of itself, if one does.
    pub(crate) fn running_agent(&mut self) -> Result<Option<HelloReply>, Failure> {
        self.connect_to_running()?;
        Ok(self
            .connection
            .as_ref()
            .map(|connection| connection.agent().clone()))
    }

    /// Refuses before anything is asked of the person where the answer would be in vain.
    pub(crate) fn open_vault(&mut self) -> Result<StatusView, Failure> {
        let status = self.call::<command::status>(Nothing {})?;
        match status.state {
            VaultState::Unlocked | VaultState::ReadOnly => Ok(status),
            VaultState::Locked => Err(locked()),
            VaultState::Absent => Err(absent()),
        }
    }
}

pub(crate) fn locked() -> Failure {
    Failure::new(
        ErrorCode::Locked,
        "the vault is locked: run `strongroom unlock` first",
    )
}

pub(crate) fn absent() -> Failure {
    Failure::new(
        ErrorCode::NoVault,
        "there is no vault in that folder: run `strongroom init` to make one, or name another \
         with --vault",
    )
}
