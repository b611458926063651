//! Finds the machine's time zone: from `TZ` in any of its forms, or else from `/etc/localtime`. If neither can be read,
//! it is UTC with a warning.

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;

use crate::{files, term::Environment};

/// The file of the system's own zone.
const SYSTEM: &str = "/etc/localtime";
/// The folder of all zones, unless `TZDIR` names another.
const ALL: &str = "/usr/share/zoneinfo";
/// The largest zone file that is read, in bytes; the largest known one has 4 KiB.
const LARGEST: u64 = 64 * 1024;
/// The C library's rule for a zone with summer time but without a rule of its own.
const USUAL_RULE: &str = ",M3.2.0,M11.1.0";

/// A time zone, and a warning if it could not be found.
#[derive(Debug, Clone)]
pub struct LocalZone {
    /// The zone.
    pub zone: TimeZone,
    /// The reason why it is UTC instead of the local zone.
    pub warning: Option<String>,
}

impl LocalZone {
    /// Finds the zone.
    pub fn find(environment: &Environment) -> Self {
        Self::find_in(environment, Path::new(SYSTEM))
    }

    fn find_in(environment: &Environment, system: &Path) -> Self {
        if environment.is_unreadable("TZ") {
            return Self::utc("TZ is not UTF-8");
        }
        match environment.given("TZ") {
            None => Self::of_system(system),
            Some(text) => match named(text, environment) {
                Ok(zone) => LocalZone { zone, warning: None },
                Err(why) => Self::utc(&format!("TZ is \"{text}\", {why}")),
            },
        }
    }

    fn utc(why: &str) -> Self {
        LocalZone { zone: TimeZone::UTC, warning: Some(format!("{why}: times are in UTC")) }
    }

    /// Reads the system's zone: a link into the zones' folder gives its name, and a copy, as in containers, gives the
    /// zone itself. A system without either uses UTC.
    fn of_system(system: &Path) -> Self {
        let target = std::fs::read_link(system).ok();
        let linked = target.as_deref().and_then(Path::to_str).and_then(behind_zoneinfo);
        if let Some(zone) = linked.and_then(known) {
            return LocalZone { zone, warning: None };
        }
        match from_file(system) {
            Ok(zone) => LocalZone { zone, warning: None },
            Err(_) if target.is_none() && !system.exists() => LocalZone { zone: TimeZone::UTC, warning: None },
            Err(why) => Self::utc(&format!("{} {why}", system.display())),
        }
    }
}

/// Parses `TZ`: a name, a file, or a rule, with or without a leading colon; an empty value is UTC (POSIX.1-2017, 8.3,
/// and the C library's manual).
fn named(text: &str, environment: &Environment) -> Result<TimeZone, String> {
    let name = text.strip_prefix(':').unwrap_or(text);
    if name.is_empty() {
        return Ok(TimeZone::UTC);
    }
    if Path::new(name).is_absolute() {
        // A file in the zones' folder gives the zone's name, which a service knows too.
        if let Some(zone) = in_a_folder_of_zones(name, environment) {
            return Ok(zone);
        }
        return from_file(Path::new(name)).map_err(|why| format!("a file that {why}"));
    }
    let folder = environment.path("TZDIR").unwrap_or(PathBuf::from(ALL));
    let found = known(name).or_else(|| rule(name)).or_else(|| from_file(&folder.join(name)).ok());
    found.ok_or_else(|| "which is no time zone".to_owned())
}

/// Finds the zone of a file by its name, or by the name of the file that it links to.
fn in_a_folder_of_zones(path: &str, environment: &Environment) -> Option<TimeZone> {
    let target = std::fs::canonicalize(path).ok()?;
    let own_folder = environment.path("TZDIR").and_then(|folder| Path::new(path).strip_prefix(folder).ok()?.to_str());
    let names = [own_folder, behind_zoneinfo(path), target.to_str().and_then(behind_zoneinfo)];
    names.into_iter().flatten().find_map(known)
}

/// Returns the name of a zone in a path of the database.
fn behind_zoneinfo(path: &str) -> Option<&str> {
    path.split_once("zoneinfo/").map(|(_, name)| name)
}

/// Finds a zone of the database. Its folders `posix` and `right` repeat all zones.
fn known(name: &str) -> Option<TimeZone> {
    let name = ["posix/", "right/"].iter().find_map(|folder| name.strip_prefix(folder)).unwrap_or(name);
    TimeZone::get(name).ok()
}

/// Parses a rule: `CET-1CEST,M3.5.0,M10.5.0/3`.
fn rule(text: &str) -> Option<TimeZone> {
    TimeZone::posix(text).or_else(|_| TimeZone::posix(&format!("{text}{USUAL_RULE}"))).ok()
}

/// Reads a zone from a TZif file.
fn from_file(path: &Path) -> Result<TimeZone, String> {
    let bytes = files::read(path, LARGEST).map_err(|error| format!("cannot be read: {error}"))?;
    TimeZone::tzif("local", &bytes).map_err(|_| "holds no time zone".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Formats a moment in summer.
    fn time(found: &LocalZone) -> String {
        let summer: jiff::Timestamp = "2026-07-01T12:00:00Z".parse().unwrap();
        summer.to_zoned_datetime(found.zone.clone()).strftime("%H:%M %Z").to_string()
    }

    fn by(variables: &[(&str, &str)]) -> LocalZone {
        LocalZone::find_in(&variables.iter().copied().collect(), Path::new("/nonexistent"))
    }

    /// Makes a file with Berlin's summer time.
    fn berlin() -> Vec<u8> {
        // This is a TZif file of version 1: no transitions, one type, 7200 s east, "CEST".
        let mut file = b"TZif\0".to_vec();
        file.extend([0; 15]);
        for count in [0_u32, 0, 0, 0, 1, 5] {
            file.extend(count.to_be_bytes());
        }
        file.extend(7200_i32.to_be_bytes());
        file.extend([1, 0]);
        file.extend(b"CEST\0");
        file
    }

    #[test]
    fn names_and_rules_with_and_without_a_colon() {
        for (text, expected) in [
            ("Europe/Berlin", "14:00 CEST"),
            (":Europe/Berlin", "14:00 CEST"),
            ("posix/Europe/Berlin", "14:00 CEST"),
            ("CET-1CEST,M3.5.0,M10.5.0/3", "14:00 CEST"),
            (":CET-1CEST,M3.5.0,M10.5.0/3", "14:00 CEST"),
            ("CET-1CEST", "14:00 CEST"),
            ("<+0330>-3:30", "15:30 +0330"),
            ("EST5EDT", "08:00 EDT"),
            ("UTC0", "12:00 UTC"),
            ("", "12:00 UTC"),
            (":", "12:00 UTC"),
        ] {
            let found = by(&[("TZ", text)]);
            assert_eq!((time(&found).as_str(), &found.warning), (expected, &None), "{text}");
        }
    }

    #[test]
    fn utc_is_said_where_something_else_was_meant() {
        for text in ["Mars/Olympus", "CEST", "UTC+99", "/nonexistent", ":/etc/hostname", "../../etc/passwd"] {
            let LocalZone { zone, warning } = by(&[("TZ", text)]);
            let warning = warning.unwrap_or_else(|| panic!("{text}: no word"));
            assert!(zone == TimeZone::UTC && warning.ends_with(": times are in UTC"), "{warning}");
            assert!(warning.starts_with(&format!("TZ is \"{text}\"")), "{warning}");
        }
        assert_eq!(by(&[]).warning, None, "a system that has no zone is at UTC");
    }

    #[test]
    fn files_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        std::fs::write(at("Mine"), berlin()).unwrap();
        assert_eq!(time(&by(&[("TZ", &at("Mine"))])), "14:00 CEST");
        assert_eq!(time(&by(&[("TZ", &format!(":{}", at("Mine")))])), "14:00 CEST");
        std::fs::create_dir_all(at("zoneinfo/posix/Asia")).unwrap();
        std::fs::write(at("zoneinfo/posix/Asia/Tokyo"), berlin()).unwrap();
        std::os::unix::fs::symlink(at("zoneinfo/posix/Asia/Tokyo"), at("link")).unwrap();
        for text in [at("zoneinfo/posix/Asia/Tokyo"), format!(":{}", at("zoneinfo/posix/Asia/Tokyo")), at("link")] {
            assert_eq!(by(&[("TZ", &text)]).zone.iana_name(), Some("Asia/Tokyo"), "{text}");
        }
        assert!(by(&[("TZ", &at("zoneinfo/Asia/Tokyo"))]).warning.is_some(), "there is no such file");
        assert_eq!(time(&by(&[("TZDIR", folder.path().to_str().unwrap()), ("TZ", "Mine")])), "14:00 CEST");
    }

    #[test]
    fn the_system_s_zone_is_a_link_or_a_copy() {
        let folder = tempfile::tempdir().unwrap();
        let system = |name: &str| LocalZone::of_system(&folder.path().join(name));
        std::os::unix::fs::symlink("../usr/share/zoneinfo/Asia/Tokyo", folder.path().join("link")).unwrap();
        assert_eq!(time(&system("link")), "21:00 JST");
        std::fs::write(folder.path().join("copy"), berlin()).unwrap();
        assert_eq!((time(&system("copy")).as_str(), system("copy").warning), ("14:00 CEST", None));
        std::fs::write(folder.path().join("broken"), "no zone").unwrap();
        std::os::unix::fs::symlink("/usr/share/zoneinfo/Mars/Olympus", folder.path().join("dangling")).unwrap();
        for broken in ["broken", "dangling"] {
            assert!(system(broken).warning.is_some_and(|warning| warning.contains(broken)), "{broken}");
        }
    }
}
