//! Encrypts webhooks' secrets and headers for their columns and decrypts them; no other code does. Without keys they
//! are stored as plain text, and an encrypted one is an error.

use std::{collections::BTreeMap, sync::Arc};

use rusqlite::{
    Connection, Row, TransactionBehavior, params,
    types::{FromSqlError, Type},
};

use super::rows;
use crate::{
    domain::{
        ids::{SourceId, WebhookId},
        secret::Secret,
        source::SenderSecret,
    },
    service::store::{
        Result, StoreError,
        secret_keys::{KeyId, SecretKeyError, SecretKeys, key_of, sealed_text},
    },
};
use zeroize::Zeroizing;

/// The text that is sealed to recognise the key.
const PROOF: &[u8] = b"tm-hooks";
/// The owner of the sealed proof.
const PROOF_OWNER: &str = "secret_key";
/// The number of webhooks that one transaction seals.
const STEP: i64 = 200;

/// A webhook's headers.
type Headers = BTreeMap<String, String>;

/// Seals secrets before they are written and opens those that are read. The type `Secret` itself cannot be bound to a
/// statement.
#[derive(Clone, Default)]
pub struct Seals(Option<Arc<SecretKeys>>);

impl Seals {
    /// Uses these keys, if there are any.
    pub fn new(secret_keys: Option<Arc<SecretKeys>>) -> Self {
        Seals(secret_keys)
    }

    /// The column value of a webhook's secret.
    pub fn secret(&self, owner: WebhookId, secret: &Secret) -> Result<Vec<u8>> {
        let plain = secret.expose().as_bytes();
        match &self.0 {
            Some(secret_keys) => secret_keys.seal(plain, &owner.to_string()).map_err(cannot_seal),
            None => Ok(plain.to_vec()),
        }
    }

    /// The secret in a column of a row, if there is one.
    pub fn read_secret(&self, owner: WebhookId, row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Secret>> {
        let Some(value) = row.get_ref(column)?.as_blob_or_null()? else { return Ok(None) };
        let plain = self.opened(value, &owner.to_string(), column)?;
        let text = std::str::from_utf8(&plain).ok();
        text.and_then(|text| text.parse().ok()).map(Some).ok_or_else(|| FromSqlError::InvalidType.into())
    }

    /// The column value of a source's secret.
    pub fn sender_secret(&self, owner: SourceId, secret: &SenderSecret) -> Result<Vec<u8>> {
        let plain = secret.expose().as_bytes();
        match &self.0 {
            Some(secret_keys) => secret_keys.seal(plain, &owner.to_string()).map_err(cannot_seal),
            None => Ok(plain.to_vec()),
        }
    }

    /// The secret of a source in a column of a row, if there is one.
    pub fn read_sender_secret(
        &self,
        owner: SourceId,
        row: &Row<'_>,
        column: usize,
    ) -> rusqlite::Result<Option<SenderSecret>> {
        let Some(value) = row.get_ref(column)?.as_blob_or_null()? else { return Ok(None) };
        let plain = self.opened(value, &owner.to_string(), column)?;
        let text = std::str::from_utf8(&plain).ok();
        text.and_then(|text| SenderSecret::read(text).ok()).map(Some).ok_or_else(|| FromSqlError::InvalidType.into())
    }

    /// What a column's value is without its seal, if it has one.
    fn opened(&self, value: &[u8], owner: &str, column: usize) -> rusqlite::Result<Zeroizing<Vec<u8>>> {
        let open = |key| self.opening(key)?.open(value, owner);
        let opened = key_of(value).map(open).transpose().map_err(|error| cannot_open(column, Type::Blob, error))?;
        Ok(opened.unwrap_or_else(|| value.to_vec().into()))
    }

    /// The column value of a webhook's headers.
    pub fn headers(&self, owner: WebhookId, headers: &Headers) -> Result<String> {
        let plain = rows::to_json(headers)?;
        match &self.0 {
            Some(secret_keys) => secret_keys.seal_text(&plain, &owner.to_string()).map_err(cannot_seal),
            None => Ok(plain),
        }
    }

    /// The headers in a column of a row.
    pub fn read_headers(&self, owner: WebhookId, row: &Row<'_>, column: usize) -> rusqlite::Result<Headers> {
        let value = row.get_ref(column)?.as_str()?;
        let open = |key| self.opening(key)?.open_text(value, &owner.to_string());
        let opened = sealed_text(value).and_then(|sealed| key_of(&sealed)).map(open);
        let opened = opened.transpose().map_err(|error| cannot_open(column, Type::Text, error))?;
        serde_json::from_str(opened.as_deref().unwrap_or(value))
            .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error)))
    }

    /// The keys to open a value sealed with this key.
    fn opening(&self, key: KeyId) -> std::result::Result<&SecretKeys, SecretKeyError> {
        self.0.as_deref().ok_or_else(|| SecretKeyError::OtherKey(hex::encode(key)))
    }
}

fn cannot_seal(error: SecretKeyError) -> StoreError {
    StoreError::Internal(format!("a secret cannot be encrypted: {error}"))
}

fn cannot_open(column: usize, kind: Type, error: SecretKeyError) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, kind, Box::new(error))
}

/// Checks that the key fits the database, and seals what is not sealed yet, in short steps that let other processes
/// write. Fails with `Key` if the key is missing or wrong.
pub fn prepare(connection: &mut Connection, secret_keys: Option<&SecretKeys>) -> Result<()> {
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?));
    let known = rows::first(connection, "SELECT key, proof FROM secret_key", [], read)?;
    let Some(secret_keys) = secret_keys else {
        return match known {
            None => Ok(()),
            Some((key, _)) => Err(StoreError::Key(format!(
                "its secrets are encrypted with the key {}; give it with --secret-key-file or TM_HOOKS_SECRET_KEY_FILE",
                hex::encode(key)
            ))),
        };
    };
    if let Some((_, proof)) = &known {
        secret_keys.open(proof, PROOF_OWNER).map_err(wrong_key)?;
    }
    // SQLite then overwrites deleted content in its pages.
    connection.pragma_update(None, "secure_delete", true)?;
    if known.as_ref().is_none_or(|(key, _)| *key != secret_keys.current()) {
        let proof = secret_keys.seal(PROOF, PROOF_OWNER).map_err(wrong_key)?;
        let sql = "INSERT OR REPLACE INTO secret_key (only_row, key, proof) VALUES (1, ?1, ?2)";
        rows::execute(connection, sql, params![secret_keys.current().as_slice(), proof])?;
    }
    let (mut after, mut sealed) = (0, false);
    while let Some((last, some)) = seal_some(connection, secret_keys, after)? {
        (after, sealed) = (last, sealed || some);
    }
    sealed |= seal_sources(connection, secret_keys)?;
    if sealed {
        // The log still contains the plain text. If somebody reads now, the checkpoint is incomplete, which is not an
        // error.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    }
    Ok(())
}

fn wrong_key(error: SecretKeyError) -> StoreError {
    StoreError::Key(format!(
        "its secrets cannot be decrypted: {error}; the one before is given with --previous-secret-key-file, or as a \
         further line of the key file"
    ))
}

/// Seals the secrets of sources that are not sealed with the current key. There are few sources. Returns whether any was
/// sealed.
fn seal_sources(connection: &mut Connection, secret_keys: &SecretKeys) -> Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sql = "SELECT number, id, secret FROM sources WHERE secret IS NOT NULL";
    let read = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, Vec<u8>>(2)?));
    let mut any = false;
    for (number, id, secret) in rows::all(&transaction, sql, [], read)? {
        if key_of(&secret) == Some(secret_keys.current()) {
            continue;
        }
        any = true;
        let sealed = sealed_again(secret_keys, secret, &id).map_err(wrong_key)?;
        rows::execute(&transaction, "UPDATE sources SET secret = ?2 WHERE number = ?1", params![number, sealed])?;
    }
    transaction.commit()?;
    Ok(any)
}

/// Seals a value with the current key, whether it is plain or sealed with another one.
fn sealed_again(secret_keys: &SecretKeys, value: Vec<u8>, owner: &str) -> std::result::Result<Vec<u8>, SecretKeyError> {
    match key_of(&value) {
        Some(_) => secret_keys.open(&value, owner).and_then(|plain| secret_keys.seal(&plain, owner)),
        None => secret_keys.seal(&value, owner),
    }
}

/// A webhook's secrets as its row has them.
struct Kept {
    number: i64,
    id: String,
    secret: Vec<u8>,
    previous: Option<Vec<u8>>,
    headers: String,
}

/// Seals the next webhooks that are not sealed with the current key. Returns the last one's number and whether any was
/// sealed.
fn seal_some(connection: &mut Connection, secret_keys: &SecretKeys, after: i64) -> Result<Option<(i64, bool)>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = rows::all(
        &transaction,
        "SELECT number, id, secret, previous_secret, headers FROM webhooks
         WHERE number > ?1 AND deleted_at IS NULL ORDER BY number LIMIT ?2",
        [after, STEP],
        |row| {
            Ok(Kept {
                number: row.get(0)?,
                id: row.get(1)?,
                secret: row.get(2)?,
                previous: row.get(3)?,
                headers: row.get(4)?,
            })
        },
    )?;
    let Some(last) = found.last().map(|kept| kept.number) else { return Ok(None) };
    let is_current = |value: &[u8]| key_of(value) == Some(secret_keys.current());
    let mut any = false;
    for Kept { number, id, secret, previous, headers } in found {
        let headers_sealed = sealed_text(&headers).is_some_and(|bytes| is_current(&bytes));
        if is_current(&secret) && previous.as_deref().is_none_or(is_current) && headers_sealed {
            continue;
        }
        any = true;
        let again = |value: Vec<u8>| sealed_again(secret_keys, value, &id);
        let secret = again(secret).map_err(wrong_key)?;
        let previous = previous.map(again).transpose().map_err(wrong_key)?;
        let plain = if sealed_text(&headers).is_some() { secret_keys.open_text(&headers, &id) } else { Ok(headers) };
        let headers = plain.and_then(|plain| secret_keys.seal_text(&plain, &id)).map_err(wrong_key)?;
        let sql = "UPDATE webhooks SET secret = ?2, previous_secret = ?3, headers = ?4 WHERE number = ?1";
        rows::execute(&transaction, sql, params![number, secret, previous, headers])?;
    }
    transaction.commit()?;
    Ok(Some((last, any)))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::{
        domain::{
            ids::WebhookId,
            random::{Random, SystemRandom},
            secret::Secret,
            time::Timestamp,
            webhook::NewWebhook,
        },
        service::store::{
            AddWebhook, Change, Location, Store,
            sqlite::{SqliteStore, webhooks::secrets},
        },
    };

    const SECRET: &str = "tmkey_abcdefghijklmnopqrstuvwxyz012345";
    const HEADER: &str = "an-invented-credential";

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_795_455_600)
    }

    /// Opens the store in this folder with the keys of these files.
    fn open(folder: &Path, keys: &[&str]) -> Result<SqliteStore> {
        let secret_keys = keys.split_first().map(|(current, previous)| {
            let file = |name: &&str| {
                let path = folder.join(name);
                std::fs::write(&path, name.repeat(64)).unwrap();
                path
            };
            let previous = previous.first().map(file);
            Arc::new(SecretKeys::read(&file(current), previous.as_deref()).unwrap())
        });
        let location = Location::File(folder.join("hooks.db"));
        SqliteStore::open(location, secret_keys, Arc::new(SystemRandom), Arc::default())
    }

    fn refused(folder: &Path, keys: &[&str]) -> String {
        match open(folder, keys) {
            Err(StoreError::Key(why)) => why,
            Err(other) => panic!("another failure: {other}"),
            Ok(_) => panic!("it was opened"),
        }
    }

    async fn add(store: &SqliteStore, name: &str) -> WebhookId {
        let new = serde_json::json!({
            "name": name, "url": "https://erp.example.com/tm", "events": ["*"], "headers": {"X-Key": HEADER}
        });
        let new: NewWebhook = serde_json::from_value(new).unwrap();
        let random: &dyn Random = &SystemRandom;
        let id = WebhookId::from_random(random.bytes());
        store
            .add_webhook(AddWebhook { id, new, secret: SECRET.parse().unwrap() }, Change::at(now(), None))
            .await
            .unwrap();
        id
    }

    async fn secret(store: &SqliteStore, id: WebhookId) -> Secret {
        store.secrets(id, now()).await.unwrap().unwrap().secret
    }

    /// Whether any file of the database contains this text.
    fn holds(folder: &Path, text: &str) -> bool {
        ["hooks.db", "hooks.db-wal"].iter().any(|name| {
            let bytes = std::fs::read(folder.join(name)).unwrap_or_default();
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    }

    #[tokio::test]
    async fn old_rows_are_sealed_at_the_start_and_new_ones_as_they_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let before = add(&open(folder.path(), &[]).unwrap(), "Before").await;
        assert!(holds(folder.path(), SECRET) && holds(folder.path(), HEADER));
        let store = open(folder.path(), &["a"]).unwrap();
        assert!(!holds(folder.path(), SECRET) && !holds(folder.path(), HEADER), "sealed, and nothing left of it");
        let after = add(&store, "After").await;
        let other: Secret = "tmkey_543210zyxwvutsrqponmlkjihgfedcba".parse().unwrap();
        let overlap_ends = Timestamp::from_seconds(1_795_455_660);
        store.rotate_secret(before, other.clone(), overlap_ends, Change::at(now(), None)).await.unwrap();
        let rotating = store.secrets(before, now()).await.unwrap().unwrap();
        assert_eq!((rotating.secret.expose(), rotating.previous.unwrap().secret.expose()), (other.expose(), SECRET));
        assert_eq!(secret(&store, after).await.expose(), SECRET);
        let shown = store.webhook(after, now()).await.unwrap().unwrap();
        assert_eq!(shown.headers.keys().collect::<Vec<_>>(), ["X-Key"]);
        for text in [SECRET, HEADER, other.expose()] {
            assert!(!holds(folder.path(), text), "{text}");
        }
    }

    #[tokio::test]
    async fn a_missing_and_a_wrong_key_are_refused_and_a_key_is_rotated() {
        let folder = tempfile::tempdir().unwrap();
        let id = add(&open(folder.path(), &["a"]).unwrap(), "Payroll").await;
        assert!(refused(folder.path(), &[]).contains("--secret-key-file"));
        let wrong = refused(folder.path(), &["b"]);
        assert!(wrong.contains("was not given") && wrong.contains("--previous-secret-key-file"), "{wrong}");
        assert_eq!(secret(&open(folder.path(), &["b", "a"]).unwrap(), id).await.expose(), SECRET);
        assert_eq!(secret(&open(folder.path(), &["b"]).unwrap(), id).await.expose(), SECRET);
        refused(folder.path(), &["a"]);
        refused(folder.path(), &[]);
    }

    #[tokio::test]
    async fn what_is_sealed_is_of_no_use_to_another_webhook_or_without_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path(), &["a"]).unwrap();
        let (one, other) = (add(&store, "One").await, add(&store, "Other").await);
        let swap = "UPDATE webhooks SET secret = (SELECT secret FROM webhooks WHERE id = ?1),
            headers = (SELECT headers FROM webhooks WHERE id = ?1) WHERE id = ?2";
        store
            .write(move |session| rows::execute(&session.connection, swap, params![one, other]).map(drop))
            .await
            .unwrap();
        let failed = [
            store.secrets(other, now()).await.map(drop),
            store.webhook(other, now()).await.map(drop),
            store.read(move |connection| secrets::get(connection, &Seals::default(), one, now()).map(drop)).await,
        ];
        for failed in failed {
            let why = failed.unwrap_err().to_string();
            assert!(why.contains("encrypted") && !why.contains(SECRET), "{why}");
        }
        assert_eq!(secret(&store, one).await.expose(), SECRET);
    }
}
