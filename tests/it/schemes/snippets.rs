//! The code that is printed verifies real requests where its language is on this machine, and refuses altered ones.

use std::{fs, path::Path, process::Command};

use serde_json::Value;
use tm_hooks::signing::{
    Scheme,
    snippet::{Language, code},
};

use super::{altered, fixtures, text};
use crate::common::{Run, skip};

/// A case for a snippet: its code, the secret, a request of the sender, and whether it is genuine.
struct Case {
    code: String,
    secret: String,
    request: Value,
    genuine: bool,
}

/// Two cases for each scheme that has code in the language, one of them altered.
fn cases(language: Language) -> Vec<Case> {
    let of = |fixture: &Value| {
        let scheme: Scheme = text(&fixture["scheme"]).parse().unwrap();
        let code = code(&scheme, language)?;
        let case = |request: Value, genuine| Case {
            code: code.clone(),
            secret: text(&fixture["secret"]).to_owned(),
            request,
            genuine,
        };
        let request = &fixture["requests"][1];
        // As the wire has it: nothing stands between a name and its value.
        Some([case(request.clone(), true), case(altered(request), false)])
    };
    let found: Vec<Case> = fixtures().iter().filter_map(of).flatten().collect();
    assert!(found.len() > 120, "{language} has code for {} of the requests", found.len());
    found
}

/// Writes what each case needs beside its code: `N.body`, and `N.json` with its headers in lower case.
fn write_cases(folder: &Path, cases: &[Case], extension: &str, wrap: impl Fn(usize, &str) -> String) {
    for (number, case) in cases.iter().enumerate() {
        let headers = case.request["headers"].as_object().unwrap();
        let lower: serde_json::Map<_, _> =
            headers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
        let input = serde_json::json!({ "secret": case.secret, "url": case.request["url"], "headers": lower });
        fs::write(folder.join(format!("{number}.json")), input.to_string()).unwrap();
        fs::write(folder.join(format!("{number}.body")), text(&case.request["body"])).unwrap();
        fs::write(folder.join(format!("c{number}.{extension}")), wrap(number, &case.code)).unwrap();
    }
}

/// Runs it, and compares what it says, a line a case, with what it should.
#[track_caller]
fn judge(command: &mut Command, folder: &Path, cases: &[Case]) {
    let said = command.current_dir(folder).said().ok();
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), cases.len());
    for (number, (line, case)) in lines.iter().zip(cases).enumerate() {
        assert_eq!(*line, case.genuine.to_string(), "case {number}:\n{}", case.code);
    }
}

#[test]
fn node() {
    if skip::without(&["node"], "the code for Node.js is not run") {
        return;
    }
    let (folder, cases) = (tempfile::tempdir().unwrap(), cases(Language::Node));
    write_cases(folder.path(), &cases, "mjs", |_, code| code.to_owned());
    let main = format!(
        "import fs from 'node:fs';\nfor (let n = 0; n < {}; n++) {{\n  const {{ isGenuine }} = await import(`./c${{n}}.mjs`);\n  \
         const {{ secret, url, headers }} = JSON.parse(fs.readFileSync(`${{n}}.json`));\n  \
         console.log(isGenuine(fs.readFileSync(`${{n}}.body`), headers, secret, url));\n}}\n",
        cases.len()
    );
    fs::write(folder.path().join("main.mjs"), main).unwrap();
    judge(Command::new("node").arg("main.mjs"), folder.path(), &cases);
}

#[test]
fn python() {
    if skip::without(&["python3"], "the code for Python is not run") {
        return;
    }
    let (folder, cases) = (tempfile::tempdir().unwrap(), cases(Language::Python));
    write_cases(folder.path(), &cases, "py", |_, code| code.to_owned());
    let main = format!(
        "import importlib, json\nfor n in range({}):\n    given = json.load(open(f'{{n}}.json'))\n    body = open(f'{{n}}.body', 'rb').read()\n    \
         genuine = importlib.import_module(f'c{{n}}').is_genuine(body, given['headers'], given['secret'], given['url'])\n    \
         print(str(genuine).lower())\n",
        cases.len()
    );
    fs::write(folder.path().join("main.py"), main).unwrap();
    judge(Command::new("python3").arg("main.py"), folder.path(), &cases);
}

#[test]
fn php() {
    if skip::without(&["php"], "the code for PHP is not run") {
        return;
    }
    let (folder, cases) = (tempfile::tempdir().unwrap(), cases(Language::Php));
    write_cases(folder.path(), &cases, "php", |number, code| {
        code.replace("<?php", &format!("<?php\nnamespace c{number};"))
    });
    let main = format!(
        "<?php\nfor ($n = 0; $n < {}; $n++) {{\n  require \"c$n.php\";\n  $given = json_decode(file_get_contents(\"$n.json\"), true);\n  \
         $genuine = \"c$n\\\\is_genuine\"(file_get_contents(\"$n.body\"), $given['headers'], $given['secret'], $given['url']);\n  \
         echo $genuine ? \"true\\n\" : \"false\\n\";\n}}\n",
        cases.len()
    );
    fs::write(folder.path().join("main.php"), main).unwrap();
    judge(Command::new("php").arg("main.php"), folder.path(), &cases);
}

#[test]
fn go() {
    if skip::without(&["go"], "the code for Go is not run") {
        return;
    }
    let (folder, cases) = (tempfile::tempdir().unwrap(), cases(Language::Go));
    // One program: each case has its function under a name of its own, in a file of its own.
    let wrap =
        |number: usize, code: &str| format!("package main\n\n{}", code.replace("IsGenuine", &format!("c{number}")));
    write_cases(folder.path(), &cases, "go", wrap);
    let calls: String = cases
        .iter()
        .enumerate()
        .map(|(number, case)| {
            let url = if case.code.contains("url *url.URL") { ", address" } else { "" };
            format!("\t{{ secret, headers, body, address := given({number}); _ = address; fmt.Println(c{number}(body, headers, secret{url})) }}\n")
        })
        .collect();
    let main = format!(
        "package main\n\nimport (\n\t\"encoding/json\"\n\t\"fmt\"\n\t\"net/http\"\n\t\"net/url\"\n\t\"os\"\n)\n\n\
         func given(n int) (string, http.Header, []byte, *url.URL) {{\n\tvar input struct {{ Secret, Url string; Headers map[string]string }}\n\t\
         text, _ := os.ReadFile(fmt.Sprint(n, \".json\"))\n\tjson.Unmarshal(text, &input)\n\tbody, _ := os.ReadFile(fmt.Sprint(n, \".body\"))\n\t\
         headers := http.Header{{}}\n\tfor name, value := range input.Headers {{ headers.Set(name, value) }}\n\taddress, _ := url.Parse(input.Url)\n\t\
         return input.Secret, headers, body, address\n}}\n\nfunc main() {{\n{calls}}}\n"
    );
    fs::write(folder.path().join("main.go"), main).unwrap();
    fs::write(folder.path().join("go.mod"), "module snippets\n\ngo 1.18\n").unwrap();
    let cache = folder.path().join("cache");
    judge(
        Command::new("go").args(["run", "."]).env("GOCACHE", cache).env("GOFLAGS", "-mod=mod").env("GOPROXY", "off"),
        folder.path(),
        &cases,
    );
}

#[test]
fn rust() {
    if skip::without(&["cargo"], "the code for Rust is not run") {
        return;
    }
    let (folder, cases) = (tempfile::tempdir().unwrap(), cases(Language::Rust));
    write_cases(folder.path(), &cases, "rs", |_, code| code.to_owned());
    let modules: String = (0..cases.len()).map(|number| format!("mod c{number};\n")).collect();
    let calls: String = cases
        .iter()
        .enumerate()
        .map(|(number, case)| {
            let url = if case.code.contains(", url: &str") { ", &url" } else { "" };
            format!(
                "    let (secret, headers, body, url) = given({number});\n    let _ = &url;\n    \
                 println!(\"{{}}\", c{number}::is_genuine(&body, &headers, &secret{url}));\n"
            )
        })
        .collect();
    let main = format!(
        "{modules}\nfn given(n: usize) -> (String, http::HeaderMap, Vec<u8>, String) {{\n    \
         let input: serde_json::Value = serde_json::from_slice(&std::fs::read(format!(\"{{n}}.json\")).unwrap()).unwrap();\n    \
         let mut headers = http::HeaderMap::new();\n    \
         for (name, value) in input[\"headers\"].as_object().unwrap() {{\n        \
         headers.insert(http::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.as_str().unwrap().parse().unwrap());\n    }}\n    \
         let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();\n    \
         (text(\"secret\"), headers, std::fs::read(format!(\"{{n}}.body\")).unwrap(), text(\"url\"))\n}}\n\nfn main() {{\n{calls}}}\n"
    );
    // What its first line asks for, in the versions that are on this machine already: those of our own lock file.
    let wanted = cases[0].code.lines().next().unwrap().strip_prefix("// Cargo.toml: ").unwrap();
    let wanted =
        wanted.replace("(sha1, md-5 = \"0.11\")", "").replace(", ", "\n") + "\nsha1 = \"0.11\"\nmd-5 = \"0.11\"\n";
    let manifest = format!(
        "[package]\nname = \"snippets\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[[bin]]\nname = \"snippets\"\n\
         path = \"main.rs\"\n\n[dependencies]\n{wanted}\n[workspace]\n"
    );
    fs::write(folder.path().join("main.rs"), main).unwrap();
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.lock"), folder.path().join("Cargo.lock")).unwrap();
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("snippets");
    judge(
        Command::new("cargo").args(["run", "--quiet", "--offline"]).env("CARGO_TARGET_DIR", kept),
        folder.path(),
        &cases,
    );
}

#[test]
fn csharp() {
    let Some(version) = dotnet() else { return skip::forbidden("dotnet is missing, so the code for C# is not run") };
    let (folder, cases) = (tempfile::tempdir().unwrap(), cases(Language::Csharp));
    write_cases(folder.path(), &cases, "cs", |number, code| format!("namespace C{number} {{\n{code}}}\n"));
    let calls: String =
        (0..cases.len()).map(|number| format!("Judge({number}, C{number}.Signature.IsGenuine);\n")).collect();
    let main = format!(
        "using System.Text.Json;\n\n{calls}\n\
         static void Judge(int n, Func<byte[], Func<string, string?>, string, string, bool> isGenuine)\n{{\n    \
         var input = JsonDocument.Parse(File.ReadAllBytes($\"{{n}}.json\")).RootElement;\n    \
         string? Header(string name) => input.GetProperty(\"headers\").TryGetProperty(name.ToLowerInvariant(), out var value) ? value.GetString() : null;\n    \
         var genuine = isGenuine(File.ReadAllBytes($\"{{n}}.body\"), Header, input.GetProperty(\"secret\").GetString()!, input.GetProperty(\"url\").GetString() ?? \"\");\n    \
         Console.WriteLine(genuine ? \"true\" : \"false\");\n}}\n"
    );
    let project = format!(
        "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net{version}.0\
         </TargetFramework><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>\n"
    );
    fs::write(folder.path().join("Program.cs"), main).unwrap();
    fs::write(folder.path().join("snippets.csproj"), project).unwrap();
    let settings = [("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_NOLOGO", "1")];
    let home = folder.path().to_owned();
    judge(Command::new("dotnet").arg("run").envs(settings).env("HOME", home), folder.path(), &cases);
}

/// The main number of the .NET that is on this machine. Neither Debian nor a registry of packages has it.
fn dotnet() -> Option<u32> {
    let said = Command::new("dotnet").arg("--version").output().ok().filter(|said| said.status.success())?;
    String::from_utf8(said.stdout).ok()?.split('.').next()?.parse().ok()
}
