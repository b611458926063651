//! The schemas that no derive makes: of values that are sent as text, and of pages.

use utoipa::{
    ToSchema,
    openapi::{
        Components, Ref, RefOr,
        extensions::Extensions,
        schema::{AdditionalProperties, ArrayItems, Object, ObjectBuilder, Schema, Type},
    },
};

use super::walk;
use crate::domain::{
    attempt::{AttemptError, AttemptKind, AttemptStatus, CodeFilter},
    audit::AuditAction,
    delivery::DeliveryStatus,
    event::{EventFilter, EventType, LONGEST_TYPE},
    health::Breaker,
    ids::{AttemptId, DeliveryId, EventId, RecoveryId, SourceId, TokenId, WebhookId},
    page::Cursor,
    query::WebhookSort,
    recovery::{RecoveryStatus, RecoveryWhat},
    scheme::{LONGEST_SCHEME, NAMED, SchemeChoice},
    source::{Outcome, RefusedBecause, SourceScheme, SourceState, Weekdays},
    stats::GroupBy,
    time::Timestamp,
    token::Scope,
    version::{Stability, Version, VersionSource},
    webhook::{DisabledReason, WebhookStatus},
};

/// Adds them to the components in place of the derived schemas.
pub(super) fn complete(components: &mut Components) {
    for (name, object) in texts() {
        components.schemas.insert(name, RefOr::T(Schema::Object(object)));
    }
    for (name, schema) in &mut components.schemas {
        walk::each(schema, &mut leave_open);
        if let Some(entry) = name.strip_prefix("Page_") {
            refer_to(entry, schema);
        }
    }
}

/// The derive repeats an entry's whole schema in its page; a reference replaces it.
fn refer_to(entry: &str, page: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(page)) = page else { return };
    if let Some(RefOr::T(Schema::Array(data))) = page.properties.get_mut("data") {
        data.items = ArrayItems::RefOrSchema(Box::new(Ref::from_schema_name(entry).into()));
    }
}

/// Allows any fields in an object that lists none, because generators would take it for an empty one.
fn leave_open(schema: &mut RefOr<Schema>) {
    let RefOr::T(Schema::Object(object)) = schema else { return };
    let is_object = serde_json::to_value(&object.schema_type).is_ok_and(|it| it.to_string().contains("\"object\""));
    if is_object && object.properties.is_empty() && object.additional_properties.is_none() {
        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(true)));
    }
}

fn texts() -> Vec<(String, Object)> {
    const TYPE_ID: &str = "[0-7][0-9a-hjkmnp-tv-z]{25}$";
    vec![
        event_type(),
        sendable_event_type(),
        event_filter(),
        scheme(),
        one_of::<Version>(Version::ALL.map(Version::as_str)),
        one_of::<AttemptStatus>(AttemptStatus::ALL.iter().map(|it| it.as_str())),
        one_of::<AttemptKind>(AttemptKind::ALL.iter().map(|it| it.as_str())),
        one_of::<AttemptError>(AttemptError::ALL.iter().map(|it| it.as_str())),
        one_of::<Breaker>(Breaker::ALL.iter().map(|it| it.as_str())),
        one_of::<DeliveryStatus>(DeliveryStatus::ALL.iter().map(|it| it.as_str())),
        one_of::<RecoveryStatus>(RecoveryStatus::ALL.iter().map(|it| it.as_str())),
        one_of::<RecoveryWhat>(RecoveryWhat::ALL.iter().map(|it| it.as_str())),
        one_of::<AuditAction>(AuditAction::ALL.iter().map(|it| it.as_str())),
        one_of::<Scope>(Scope::ALL.iter().map(|it| it.as_str())),
        one_of::<WebhookSort>(WebhookSort::ALL.iter().map(|it| it.as_str())),
        one_of::<GroupBy>(GroupBy::ALL.iter().map(|it| it.as_str())),
        one_of::<WebhookStatus>(WebhookStatus::ALL.iter().map(|it| it.as_str())),
        one_of::<DisabledReason>(DisabledReason::ALL.iter().map(|it| it.as_str())),
        one_of::<Stability>(Stability::ALL.iter().map(|it| it.as_str())),
        one_of::<VersionSource>(VersionSource::ALL.iter().map(|it| it.as_str())),
        one_of::<SourceState>(SourceState::ALL.iter().map(|it| it.as_str())),
        one_of::<Outcome>(Outcome::ALL.iter().map(|it| it.as_str())),
        one_of::<RefusedBecause>(RefusedBecause::ALL.iter().map(|it| it.as_str())),
        source_scheme(),
        like::<Weekdays>(
            "^DAY(-DAY)?(,DAY(-DAY)?)*$".replace("DAY", "(mon|tue|wed|thu|fri|sat|sun)").as_str(),
            "mon-fri",
        ),
        like::<SourceId>("^src_[0-9a-hjkmnp-tv-z]{10}$", "src_k3v9m2x7qd"),
        like::<WebhookId>("^wh_[0-9a-hjkmnp-tv-z]{10}$", "wh_k3v9m2x7qd"),
        like::<AttemptId>(&format!("^at_{TYPE_ID}"), "at_01h455vb4pex5vsknk084sn02q"),
        like::<DeliveryId>(&format!("^dl_{TYPE_ID}"), "dl_01h455vb4pex5vsknk084sn02q"),
        like::<RecoveryId>(&format!("^rc_{TYPE_ID}"), "rc_01h455vb4pex5vsknk084sn02q"),
        like::<TokenId>(&format!("^tk_{TYPE_ID}"), "tk_01h455vb4pex5vsknk084sn02q"),
        text::<EventId>(|object| {
            let bounds = object.pattern(Some("^[!-~]{1,128}$")).min_length(Some(1)).max_length(Some(EventId::LONGEST));
            bounds.examples(["tm_0199c1d2e3f4758697a8b9cadbecfd0e"])
        }),
        like::<CodeFilter>("^([1-5][0-9][0-9]|[1-5]xx)$", "5xx"),
        like::<Cursor>("^[A-Za-z0-9_-]+$", "MTA6"),
        time(),
    ]
}

fn text<T: ToSchema>(change: impl FnOnce(ObjectBuilder) -> ObjectBuilder) -> (String, Object) {
    (T::name().into_owned(), change(ObjectBuilder::new().schema_type(Type::String)).build())
}

/// A text that must be one of these values.
fn one_of<T: ToSchema>(values: impl IntoIterator<Item = &'static str>) -> (String, Object) {
    (T::name().into_owned(), set(values))
}

fn set(values: impl IntoIterator<Item = &'static str>) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values)).build()
}

/// A text of this form, such as `example`.
fn like<T: ToSchema>(pattern: &str, example: &str) -> (String, Object) {
    text::<T>(|object| object.pattern(Some(pattern)).examples([example]))
}

/// The characters of a type's name: printable ASCII without blank, comma and `*`.
const TYPE_CHARACTER: &str = r"[!-)+\--~]";

fn event_type() -> (String, Object) {
    let about = "The name of a type. Any name that is not known is carried just as well, but for those that begin with \
                 `tmhooks.`, which are the service's own.";
    let known: Vec<_> = EventType::KNOWN.iter().map(ToString::to_string).collect();
    let pattern = format!("^{TYPE_CHARACTER}{{1,{LONGEST_TYPE}}}$");
    with_known::<EventType>(about, known, &pattern, "attendance.inserted")
}

/// The types of events that callers may send: not `test`, which goes to one webhook, and not the service's own notices.
fn sendable_event_type() -> (String, Object) {
    let about = "The name of a type, but for `test` and for those that begin with `tmhooks.`.";
    let known: Vec<_> = EventType::subscribable().map(|it| it.to_string()).collect();
    let pattern = format!(r"^(?!test$|tmhooks\.){TYPE_CHARACTER}{{1,{LONGEST_TYPE}}}$");
    let (_, object) = with_known::<EventType>(about, known, &pattern, "attendance.inserted");
    ("SendableEventType".to_owned(), object)
}

fn event_filter() -> (String, Object) {
    let about = "A type; a group of types that begin alike, such as `attendance.*`; or `*` for all but `test` and the \
                 service's own notices.";
    let known = std::iter::once(EventFilter::All).chain(EventFilter::known_groups());
    let known = known.chain(EventType::subscribable().map(EventFilter::Exactly)).map(|it| it.to_string()).collect();
    let pattern = format!(r"^(\*|(?!test$){TYPE_CHARACTER}{{1,{LONGEST_TYPE}}}(\.\*)?)$");
    with_known::<EventFilter>(about, known, &pattern, "attendance.*")
}

fn scheme() -> (String, Object) {
    let about = "How deliveries are signed: a name, or a scheme's text as `hmac-sha256 key=secret message=raw \
                 encoding=hex header=Timemoto-Signature`, whose words may come in any order and be left out. Deliveries get \
                 the scheme's headers and no other of ours; `both` has `webhook-version` and `webhook-attempt` too. A header \
                 that is signed tells the time or the id, or the webhook adds it.";
    const FORM: &str = "json:(minified|pretty|sorted|js|python|dotnet|php)";
    const NAME: &str = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    const TEXT: &str = r"([!-\[\]-z|~]|\\(n|r|t|\\|x[0-7][0-9a-f]))*";
    let part = format!(r"\{{(raw|data|url|path|{FORM}|id|event|sequence|dispatchedAt|header:{NAME})\}}");
    let names: Vec<_> = NAMED.iter().map(|(_, name, _)| *name).collect();
    let pattern = format!(
        "^({}|(hmac-(sha256|sha1|sha512|md5)KEY|(sha256|sha1|sha512|md5)KEY( place=(before|after|both))?)\
         ( message=(raw|data|url|path|{FORM}|{TEXT}({part}{TEXT})+))?\
         ( encoding=(hex|hex-upper|base64|base64-nopad|base64url|base64url-nopad))?( header={NAME})?( prefix={PREFIX})?)$",
        names.join("|"),
        PREFIX = r"([!-\[\]-~]|\\(\\|x20))*"
    );
    let pattern = pattern.replace("KEY", "( key=(secret|bare|base64|utf16le|sha256|upper|lower))?");
    let known = names.into_iter().map(str::to_owned).collect();
    let (name, mut object) = with_known::<SchemeChoice>(about, known, &pattern, "standard");
    object.max_length = Some(LONGEST_SCHEME);
    (name, object)
}

/// A webhook's schemes, and `learn`.
fn source_scheme() -> (String, Object) {
    let (_, mut object) = scheme();
    object.pattern = object.pattern.map(|pattern| pattern.replacen("^(", "^(learn|", 1));
    let about = "How a sender signs: a scheme as a webhook has one, or `learn`, which finds out from its first requests. \
                 `none` takes unsigned requests from anybody who knows the address.";
    object.description = Some(about.to_owned());
    (SourceScheme::name().into_owned(), object)
}

/// A text of this form, of which some values are known.
fn with_known<T: ToSchema>(about: &str, known: Vec<String>, pattern: &str, example: &str) -> (String, Object) {
    let names: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    let about = format!("{about}\n\nKnown values: {}.", names.join(", "));
    let (name, mut object) = like::<T>(pattern, example);
    object.description = Some(about);
    object.extensions = Some(Extensions::from_iter([("x-extensible-enum", known)]));
    (name, object)
}

fn time() -> (String, Object) {
    text::<Timestamp>(|object| {
        let format = utoipa::openapi::schema::SchemaFormat::Custom("date-time".to_owned());
        object.format(Some(format)).examples(["2026-11-23T17:40:00.123Z"])
    })
}
