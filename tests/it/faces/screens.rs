//! How tables look on terminals of other kinds: narrower and wider, in colour, without it, and without UTF-8. With names as
//! companies give them.

use unicode_width::UnicodeWidthStr;

use super::{fourteen, look::constant};
use crate::common::{
    Home,
    terminal::{Seen, Terminal},
};

/// What a command shows on a terminal of so many columns, with these variables.
fn seen(home: &Home, columns: u16, variables: &[(&str, &str)], arguments: &[&str]) -> Seen {
    let terminal = variables
        .iter()
        .fold(Terminal::of(home).columns(columns).rows(60), |terminal, (name, value)| terminal.env(name, value));
    terminal.run(arguments)
}

fn screen(home: &Home, columns: u16, variables: &[(&str, &str)]) -> String {
    let seen = seen(home, columns, variables, &["list"]);
    seen.exits(0);
    constant(seen.screen.clone(), home)
}

/// The screen with its colours as `{31}`: only those that the terminal gets of us.
fn painted(home: &Home, columns: u16) -> String {
    let seen = seen(home, columns, &[], &["list"]);
    let raw = seen.raw.replace('\r', "").replace("\u{1b}[?25h", "");
    let mut parts = raw.split("\u{1b}[");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('m').expect("only colours are escaped");
        assert!(["0", "1", "2", "31", "1;31", "32", "33"].contains(&code), "the colour {code}");
        text += &format!("{{{code}}}{rest}");
    }
    constant(text, home)
}

#[test]
fn fourteen_webhooks_at_120_columns() {
    let screen = screen(&fourteen(), 120, &[("NO_COLOR", "1")]);
    for heading in ["NAME", "STATUS", "ERRORS 24 H", "LAST", "VERSION", "URL", "ID"] {
        assert!(screen.contains(heading), "{heading} on\n{screen}");
    }
    insta::assert_snapshot!(screen, @"
    local: the service inside this program, with its data in /home/mara/.local/share/tm-hooks
      NAME                       STATUS            ERRORS 24 H  LAST  VERSION  URL                             ID
    ✗ Chat bot Team West         failing 2m         100 % of 2    1m  v2 pin   http://127.0.0.1:38080/bots/tm  wh_sa3mysjv39
    ✗ Shift planner              failing 2m         100 % of 2    1m  v1       http://127.0.0.1:9/shifts       wh_ttdrbjtks2
    ✗ Access control Torhaus     paused, 20m left   100 % of 1    2m  v1       http://127.0.0.1:38080/door     wh_25kf6y1df8
    ✗ Legacy bridge              disabled: 410      100 % of 1    2m  v1       http://127.0.0.1:38080/bridge   wh_pkv3zh1ehz
      Archive                    enabled                –          –  v1       archive.havelblick.example/tm…  wh_h94n6fb9kw
      Café Crème – Schichtüber…  enabled              0 % of 2    1m  v1       http://127.0.0.1:38080/cafe     wh_xebhnsr9yy
      Data lake                  enabled                –          –  v1       lake.torhaus.example/in         wh_de1tb94cm7
      Door display               enabled                –          –  v1       display.torhaus.example/tm      wh_f1vs5kberm
      HR onboarding Marlowe      enabled                –          –  v1       hr.marlowe.example/hooks        wh_mtkw84p63j
      Monitoring probe           enabled                –          –  v1       probe.torhaus.example/          wh_zag5e6zg33
      Payroll Nordlicht          enabled              0 % of 2    1m  v1 pin   http://127.0.0.1:38080/payroll  wh_nr7ed90z83
      Zeiterfassung der Nieder…  enabled                –          –  v1       zeiterfassung.havelblick.exam…  wh_fr77wjg5xw
      東京オフィス勤怠連携       enabled              0 % of 1    2m  v1       http://127.0.0.1:38080/tokyo    wh_kde62ppfsw
    ○ Canteen                    disabled               –          –  v1       canteen.nordlicht.example/in    wh_c21zsj5acb

    14 webhooks: 4 in trouble. 55 % of 11 attempts failed in 24 h.
    Why:  tm-hooks show wh_sa3mysjv39
    3 deliveries wait and nobody delivers. Deliver all the time: tm-hooks serve
    not shown: EVENTS; --columns shows them
    ");
}

#[test]
fn fourteen_webhooks_at_80_columns() {
    insta::assert_snapshot!(screen(&fourteen(), 80, &[("NO_COLOR", "1")]), @"
    local: the service inside this program, with its data in
    /home/mara/.local/share/tm-hooks
      NAME                        STATUS            ERRORS 24 H  LAST  ID
    ✗ Chat bot Team West          failing 2m         100 % of 2    1m  wh_sa3mysjv39
    ✗ Shift planner               failing 2m         100 % of 2    1m  wh_ttdrbjtks2
    ✗ Access control Torhaus      paused, 20m left   100 % of 1    2m  wh_25kf6y1df8
    ✗ Legacy bridge               disabled: 410      100 % of 1    2m  wh_pkv3zh1ehz
      Archive                     enabled                –          –  wh_h94n6fb9kw
      Café Crème – Schichtüberg…  enabled              0 % of 2    1m  wh_xebhnsr9yy
      Data lake                   enabled                –          –  wh_de1tb94cm7
      Door display                enabled                –          –  wh_f1vs5kberm
      HR onboarding Marlowe       enabled                –          –  wh_mtkw84p63j
      Monitoring probe            enabled                –          –  wh_zag5e6zg33
      Payroll Nordlicht           enabled              0 % of 2    1m  wh_nr7ed90z83
      Zeiterfassung der Niederl…  enabled                –          –  wh_fr77wjg5xw
      東京オフィス勤怠連携        enabled              0 % of 1    2m  wh_kde62ppfsw
    ○ Canteen                     disabled               –          –  wh_c21zsj5acb

    14 webhooks: 4 in trouble. 55 % of 11 attempts failed in 24 h.
    Why:  tm-hooks show wh_sa3mysjv39
    3 deliveries wait and nobody delivers. Deliver all the time: tm-hooks serve
    not shown: VERSION, URL, EVENTS; --columns shows them
    ");
}

#[test]
fn fourteen_webhooks_in_colour() {
    insta::assert_snapshot!(painted(&fourteen(), 80), @"
    local: the service inside this program, with its data in
    /home/mara/.local/share/tm-hooks
      {2}NAME{0}                        {2}STATUS{0}            {2}ERRORS 24 H{0}  {2}LAST{0}  {2}ID{0}
    {1;31}✗{0} {1}Chat bot Team West{0}          {31}failing 2m{0}         {31}100 % of 2{0}    1m  wh_sa3mysjv39
    {1;31}✗{0} {1}Shift planner{0}               {31}failing 2m{0}         {31}100 % of 2{0}    1m  wh_ttdrbjtks2
    {1;31}✗{0} {1}Access control Torhaus{0}      {31}paused, 20m left{0}   {31}100 % of 1{0}    2m  wh_25kf6y1df8
    {1;31}✗{0} {1}Legacy bridge{0}               {31}disabled: 410{0}      {31}100 % of 1{0}    2m  wh_pkv3zh1ehz
      Archive                     enabled                {2}–{0}          {2}–{0}  wh_h94n6fb9kw
      Café Crème – Schichtüberg…  enabled              0 % of 2    1m  wh_xebhnsr9yy
      Data lake                   enabled                {2}–{0}          {2}–{0}  wh_de1tb94cm7
      Door display                enabled                {2}–{0}          {2}–{0}  wh_f1vs5kberm
      HR onboarding Marlowe       enabled                {2}–{0}          {2}–{0}  wh_mtkw84p63j
      Monitoring probe            enabled                {2}–{0}          {2}–{0}  wh_zag5e6zg33
      Payroll Nordlicht           enabled              0 % of 2    1m  wh_nr7ed90z83
      Zeiterfassung der Niederl…  enabled                {2}–{0}          {2}–{0}  wh_fr77wjg5xw
      東京オフィス勤怠連携        enabled              0 % of 1    2m  wh_kde62ppfsw
    {2}○{0} {2}Canteen{0}                     {2}disabled{0}               {2}–{0}          {2}–{0}  {2}wh_c21zsj5acb{0}

    14 webhooks: 4 in trouble. 55 % of 11 attempts failed in 24 h.
    Why:  tm-hooks show wh_sa3mysjv39
    3 deliveries wait and nobody delivers. Deliver all the time: tm-hooks serve
    {2}not shown: VERSION, URL, EVENTS; --columns shows them{0}
    ");
}

#[test]
fn fourteen_webhooks_on_a_narrow_terminal() {
    insta::assert_snapshot!(screen(&fourteen(), 49, &[("NO_COLOR", "1")]), @"
      errors 24 h  0 % of 2
      last         1m
      version      v1
      url          http://127.0.0.1:38080/cafe
      events       attendance.inserted,
                   attendance.updated

      Data lake   enabled               wh_de1tb94cm7
      version  v1
      url      lake.torhaus.example/in
      events   user.*

      Door display   enabled            wh_f1vs5kberm
      version  v1
      url      display.torhaus.example/tm
      events   user.updated

      HR onboarding Marlowe   enabled   wh_mtkw84p63j
      version  v1
      url      hr.marlowe.example/hooks
      events   user.inserted

      Monitoring probe   enabled        wh_zag5e6zg33
      version  v1
      url      probe.torhaus.example/
      events   user.*

      Payroll Nordlicht   enabled       wh_nr7ed90z83
      errors 24 h  0 % of 2
      last         1m
      version      v1 pin
      url          http://127.0.0.1:38080/payroll
      events       attendance.*

      Zeiterfassung der Niederlassung Hamburg-Süd,
      Werk 3, Halle 12 b   enabled      wh_fr77wjg5xw
      version  v1
      url      zeiterfassung.havelblick.example/einga
    ng/timemoto/werk-3/halle-12-b
      events   user.inserted, user.updated,
               user.deleted

      東京オフィス勤怠連携   enabled    wh_kde62ppfsw
      errors 24 h  0 % of 1
      last         2m
      version      v1
      url          http://127.0.0.1:38080/tokyo
      events       attendance.inserted

    ○ Canteen   disabled                wh_c21zsj5acb
      version  v1
      url      canteen.nordlicht.example/in
      events   user.deleted

    14 webhooks: 4 in trouble. 55 % of 11 attempts
    failed in 24 h.
    Why:  tm-hooks show wh_sa3mysjv39
    3 deliveries wait and nobody delivers. Deliver
    all the time: tm-hooks serve
    ");
}

/// Neither colour nor any other escape: `NO_COLOR` and a dumb terminal get the same words.
#[test]
fn fourteen_webhooks_without_colour() {
    let home = fourteen();
    for variables in [[("NO_COLOR", "1")], [("TERM", "dumb")]] {
        let seen = seen(&home, 80, &variables, &["list"]);
        assert!(!seen.raw.contains("\u{1b}["), "{:?}", seen.raw);
    }
    let plain = screen(&home, 80, &[("NO_COLOR", "1")]);
    assert_eq!(screen(&home, 80, &[("TERM", "dumb")]), plain);
}

#[test]
fn fourteen_webhooks_without_utf8() {
    let ascii = screen(&fourteen(), 80, &[("NO_COLOR", "1"), ("LC_ALL", "C")]);
    insta::assert_snapshot!(ascii, @"
    local: the service inside this program, with its data in
    /home/mara/.local/share/tm-hooks
      NAME                        STATUS            ERRORS 24 H  LAST  ID
    x Chat bot Team West          failing 2m         100 % of 2    1m  wh_sa3mysjv39
    x Shift planner               failing 2m         100 % of 2    1m  wh_ttdrbjtks2
    x Access control Torhaus      paused, 20m left   100 % of 1    2m  wh_25kf6y1df8
    x Legacy bridge               disabled: 410      100 % of 1    2m  wh_pkv3zh1ehz
      Archive                     enabled                -          -  wh_h94n6fb9kw
      Café Crème – Schichtüberg~  enabled              0 % of 2    1m  wh_xebhnsr9yy
      Data lake                   enabled                -          -  wh_de1tb94cm7
      Door display                enabled                -          -  wh_f1vs5kberm
      HR onboarding Marlowe       enabled                -          -  wh_mtkw84p63j
      Monitoring probe            enabled                -          -  wh_zag5e6zg33
      Payroll Nordlicht           enabled              0 % of 2    1m  wh_nr7ed90z83
      Zeiterfassung der Niederl~  enabled                -          -  wh_fr77wjg5xw
      東京オフィス勤怠連携        enabled              0 % of 1    2m  wh_kde62ppfsw
    - Canteen                     disabled               -          -  wh_c21zsj5acb

    14 webhooks: 4 in trouble. 55 % of 11 attempts failed in 24 h.
    Why:  tm-hooks show wh_sa3mysjv39
    3 deliveries wait and nobody delivers. Deliver all the time: tm-hooks serve
    not shown: VERSION, URL, EVENTS; --columns shows them
    ");
    for variables in [[("LC_ALL", "de_DE.ISO-8859-1")], [("TERM", "linux")]] {
        let with = [variables[0], ("NO_COLOR", "1")];
        // Whose data these are is told once a day in a home.
        assert_eq!(screen(&fourteen(), 80, &with), ascii, "{variables:?}");
    }
    let home = fourteen();
    home.ok(["config", "set", "signs", "ascii"]);
    assert_eq!(screen(&home, 80, &[("NO_COLOR", "1")]), ascii);
}

/// Whatever the width, no line is broken by the terminal, and every id is whole.
#[test]
fn fourteen_webhooks_at_every_width() {
    let home = fourteen();
    let ids: Vec<String> = home.ok(["list", "-o", "id"]).lines().map(str::to_owned).collect();
    for columns in [50, 51, 57, 63, 72, 79, 81, 91, 100, 119, 121, 140, 200] {
        let seen = seen(&home, columns, &[("NO_COLOR", "1")], &["list"]);
        for line in seen.raw.lines() {
            assert!(line.width() <= usize::from(columns), "{columns} columns: {line}");
        }
        let whole = ids.iter().filter(|id| seen.screen.contains(id.as_str())).count();
        assert!(whole == ids.len() || columns < 67, "{columns} columns:\n{}", seen.screen);
    }
}
