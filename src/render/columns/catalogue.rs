//! The columns of the catalogues: versions, event types, and the global version.

use super::widths::SENTENCE;
use crate::{
    domain::{payload::Case, record::EventTypeInfo, settings::Settings, version::VersionInfo},
    render::{Cell, Column, Importance, Record},
};

impl Record for VersionInfo {
    fn id(&self) -> String {
        self.version.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{High, Key, Middle};
        vec![
            Column::new("version", "VERSION", Key, |info, _| Cell::plain(info.version)),
            Column::new("stability", "STABILITY", Key, |info, _| Cell::plain(info.stability)),
            Column::new("isDefault", "DEFAULT", High, |info, _| match info.is_default {
                true => Cell::plain("default"),
                false => Cell::nothing(),
            }),
            Column::new("description", "DESCRIPTION", Middle, |info: &VersionInfo, _| Cell::plain(&info.description))
                .flexible(SENTENCE),
        ]
    }
}

impl Record for EventTypeInfo {
    fn id(&self) -> String {
        self.event_type.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{Key, Middle, OnDemand};
        vec![
            Column::new("type", "TYPE", Key, |info, _| Cell::plain(info.event_type)),
            Column::new("description", "DESCRIPTION", Middle, |info: &EventTypeInfo, _| Cell::plain(&info.description))
                .flexible(SENTENCE),
            Column::new("subscribable", "SUBSCRIBABLE", OnDemand, |info, _| Cell::plain(info.subscribable)),
            Column::new("example", "EXAMPLE", OnDemand, |info, _| {
                Cell::or_nothing(serde_json::to_string(&info.example).ok())
            }),
        ]
    }
}

impl Record for Case {
    fn id(&self) -> String {
        self.name.to_owned()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::{Key, Middle, OnDemand};
        vec![
            Column::new("name", "NAME", Key, |case, _| Cell::plain(case.name)),
            Column::new("description", "DESCRIPTION", Middle, |case: &Case, _| Cell::plain(case.description))
                .flexible(SENTENCE),
            Column::number("events", "EVENTS", OnDemand, |case, _| Cell::plain(case.events)),
        ]
    }
}

impl Record for Settings {
    fn id(&self) -> String {
        self.version.to_string()
    }

    fn columns() -> Vec<Column<Self>> {
        use Importance::Key;
        vec![
            Column::new("globalVersion", "GLOBAL VERSION", Key, |settings, _| match settings.global_version {
                Some(version) => Cell::plain(version),
                None => Cell::plain("not set"),
            }),
            Column::new("version", "VERSION IN FORCE", Key, |settings, _| Cell::plain(settings.version)),
            Column::new("versionSource", "FROM", Key, |settings, _| Cell::plain(settings.version_source)),
        ]
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        domain::{record, settings::Settings, version},
        render::columns::samples::every_field_has_a_column,
    };

    #[test]
    fn columns_cover_the_fields() {
        every_field_has_a_column(&version::catalogue(None)[0]);
        every_field_has_a_column(&record::catalogue(&[])[0]);
        every_field_has_a_column(&crate::domain::payload::CASES[0]);
        every_field_has_a_column(&Settings::new(None));
    }
}
