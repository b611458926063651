use tempfile::TempDir;

use super::*;

/// Files with a certificate and its key.
pub struct Files(TempDir);

impl Files {
    pub fn new() -> Self {
        let files = Files(tempfile::tempdir().unwrap());
        files.renew();
        files
    }

    /// Writes another certificate to the same files and returns its DER.
    pub fn renew(&self) -> CertificateDer<'static> {
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(self.path("cert"), pem("CERTIFICATE", made.cert.der())).unwrap();
        std::fs::write(self.path("key"), pem("PRIVATE KEY", &made.signing_key.serialize_der())).unwrap();
        made.cert.der().clone()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn load(&self) -> Tls {
        Tls::load(self.path("cert"), self.path("key")).unwrap()
    }
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let files = Files::new();
    let error = Tls::load(files.path("nowhere"), files.path("key")).err().unwrap().to_string();
    assert!(error.contains("nowhere"), "{error}");
    let error = Tls::load(files.path("cert"), files.path("cert")).err().unwrap().to_string();
    assert!(error.contains("cert cannot be used"), "{error}");
}
