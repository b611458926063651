//! Implements the library's traits for values: `jaq_core` runs filters on them, and `jaq_std` has functions of its own.

use std::iter;

use jaq_core::{Error, ValR, ValX, box_iter::BoxIter, path::Opt, val::Range};

use super::{Kind, Number, Text, Thrown, Val, get};

impl From<Range<Val>> for Val {
    fn from(range: Range<Val>) -> Self {
        let bound = |bound: Option<Val>| bound.unwrap_or_else(Val::null);
        [(Text::from("start"), bound(range.start)), (Text::from("end"), bound(range.end))].into_iter().collect()
    }
}

/// Makes the error of the library's assignments, which are never used, see `rewrite`.
fn assigned() -> Thrown {
    Error::str("this place cannot be assigned to")
}

impl jaq_core::ValT for Val {
    fn from_num(number: &str) -> ValR<Self> {
        Number::calculated(number)
            .map(Val::from)
            .ok_or_else(|| Error::str(format_args!("\"{number}\" is not a number")))
    }

    fn from_map<I: IntoIterator<Item = (Self, Self)>>(fields: I) -> ValR<Self> {
        let field = |(key, value): (Val, Val)| match key.kind {
            Kind::Text(key) => Ok((key, value)),
            _ => Err(Error::str(format_args!("Object keys must be strings, not {}", key.named()))),
        };
        fields.into_iter().map(field).collect()
    }

    fn key_values(self) -> BoxIter<'static, ValR<(Self, Self), Self>> {
        match self.kind {
            Kind::List(list) => {
                let items = (0..list.items.len()).map(move |at| Ok((at.into(), list.items[at].clone())));
                Box::new(items)
            }
            Kind::Fields(fields) => {
                let field =
                    move |at| fields.map.get_index(at).map(|(key, value)| Ok((key.clone().into(), value.clone())));
                Box::new((0..).map_while(field))
            }
            kind => Box::new(iter::once(Err(cannot_iterate(&kind.into())))),
        }
    }

    fn values(self) -> Box<dyn Iterator<Item = ValR<Self>>> {
        match self.kind {
            Kind::List(list) => Box::new((0..list.items.len()).map(move |at| Ok(list.items[at].clone()))),
            Kind::Fields(fields) => {
                Box::new((0..).map_while(move |at| fields.map.get_index(at).map(|(_, value)| Ok(value.clone()))))
            }
            kind => Box::new(iter::once(Err(cannot_iterate(&kind.into())))),
        }
    }

    fn index(self, index: &Self) -> ValR<Self> {
        get(&self, index)
    }

    fn range(self, range: Range<&Self>) -> ValR<Self> {
        get(&self, &Val::from(range.start.cloned()..range.end.cloned()))
    }

    fn map_values<'a, I: Iterator<Item = ValX<'a, Self>>>(self, _: Opt, _: impl Fn(Self) -> I) -> ValX<'a, Self> {
        Err(assigned().into())
    }

    fn map_index<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        _: &Self,
        _: Opt,
        _: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        Err(assigned().into())
    }

    fn map_range<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        _: Range<&Self>,
        _: Opt,
        _: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        Err(assigned().into())
    }

    fn as_bool(&self) -> bool {
        self.is_truthy()
    }

    fn into_string(self) -> Self {
        match self.kind {
            Kind::Text(_) => self,
            _ => self.to_json().into(),
        }
    }
}

fn cannot_iterate(value: &Val) -> Thrown {
    Error::str(format_args!("Cannot iterate over {}", value.named()))
}

impl jaq_std::ValT for Val {
    fn into_seq<S: FromIterator<Self>>(self) -> Result<S, Self> {
        match &self.kind {
            Kind::List(list) => Ok(list.items.iter().cloned().collect()),
            _ => Err(self),
        }
    }

    fn is_int(&self) -> bool {
        self.as_number().is_some_and(|number| number.to_whole().is_some())
    }

    fn as_isize(&self) -> Option<isize> {
        isize::try_from(self.as_number()?.to_whole()?).ok()
    }

    fn as_f64(&self) -> Option<f64> {
        self.as_number().map(Number::to_f64)
    }

    fn is_utf8_str(&self) -> bool {
        self.as_text().is_some()
    }

    fn as_bytes(&self) -> Option<&[u8]> {
        self.as_text().map(|text| text.as_bytes())
    }

    fn as_sub_str(&self, sub: &[u8]) -> Self {
        String::from_utf8_lossy(sub).into_owned().into()
    }

    fn from_utf8_bytes(bytes: impl AsRef<[u8]> + Send + 'static) -> Self {
        String::from_utf8_lossy(bytes.as_ref()).into_owned().into()
    }
}
