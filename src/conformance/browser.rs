//! A customer's browser, as far as a landing page needs one: it opens links, sends forms, follows
//! the mock's redirects, and goes back. It runs no scripts.

use http::Method;
use url::Url;

use super::exchange::Exchange;
use super::failure::{Failure, Held};
use super::http_call::{Call, send};

/// How many redirects in a row are followed.
const REDIRECTS_MAX: usize = 5;

/// A browser with one page, and the addresses that led to it.
#[derive(Debug, Default)]
pub(super) struct Browser {
    history: Vec<Url>,
    page: Option<Exchange>,
    /// Where the mock has sent it, once that is somewhere else.
    left_for: Option<String>,
}

/// A form of a page.
#[derive(Debug)]
struct Form {
    action: String,
    html: String,
}

impl Browser {
    /// The page that is shown, or was shown last.
    pub(super) fn page(&self) -> Result<&Exchange, Failure> {
        self.page.as_ref().ok_or_else(|| Failure::new("no page has been opened"))
    }

    /// Where the mock has sent the browser away to, if it has.
    pub(super) fn left_for(&self) -> Option<&str> {
        self.left_for.as_deref()
    }

    /// Opens an address.
    pub(super) async fn open(
        &mut self,
        http: &reqwest::Client,
        address: &str,
    ) -> Result<(), Failure> {
        let address = Url::parse(address)
            .map_err(|error| Failure::new(format!("{address} cannot be opened: {error}")))?;
        self.go(http, Method::GET, address, None, None).await
    }

    /// Opens the page before this one, as the Back button does with pages that are not to be kept.
    pub(super) async fn back(&mut self, http: &reqwest::Client) -> Result<(), Failure> {
        self.history.pop();
        let address = self.history.pop().ok_or_else(|| Failure::new("there is no way back"))?;
        self.go(http, Method::GET, address, None, None).await
    }

    /// Looks at the page again.
    pub(super) async fn reload(&mut self, http: &reqwest::Client) -> Result<(), Failure> {
        let address = self.history.pop().ok_or_else(|| Failure::new("no page has been opened"))?;
        self.go(http, Method::GET, address, None, None).await
    }

    /// Sends the form of the page whose address ends in this word.
    pub(super) async fn send_form(
        &mut self,
        http: &reqwest::Client,
        word: &str,
        fields: &[(&str, &str)],
        origin: Option<&str>,
    ) -> Result<(), Failure> {
        let form = self.form(word)?;
        let here = self.history.last().ok_or_else(|| Failure::new("no page has been opened"))?;
        let target = here.join(&form.action);
        let target = target.map_err(|error| Failure::new(format!("{}: {error}", form.action)))?;
        let own = here.origin().ascii_serialization();
        let body =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let origin = origin.unwrap_or(&own).to_owned();
        self.go(http, Method::POST, target, Some(body), Some(origin)).await
    }

    /// What stands in a field of a form of the page.
    pub(super) fn field(&self, word: &str, name: &str) -> Result<String, Failure> {
        let form = self.form(word)?;
        let missing = || Failure::new(format!("the form has no field {name}\n{}", form.html));
        let (_, rest) = form.html.split_once(&format!("name=\"{name}\"")).ok_or_else(missing)?;
        let tag = rest.split('>').next().unwrap_or_default();
        Ok(attribute(tag, "value").unwrap_or_default())
    }

    /// Holds when the page has a form whose address ends in this word.
    pub(super) fn offers(&self, word: &str) -> Held {
        self.form(word).map(drop)
    }

    fn form(&self, word: &str) -> Result<Form, Failure> {
        let page = self.page()?;
        let forms = page.body.split("<form ").skip(1).map(|rest| Form {
            action: attribute(rest, "action").unwrap_or_default(),
            html: rest.split("</form>").next().unwrap_or_default().to_owned(),
        });
        let found = forms.into_iter().find(|form| form.action.ends_with(word));
        found.ok_or_else(|| Failure::new(format!("the page has no form to {word}\n{page}")))
    }

    async fn go(
        &mut self,
        http: &reqwest::Client,
        mut method: Method,
        mut address: Url,
        mut body: Option<String>,
        origin: Option<String>,
    ) -> Result<(), Failure> {
        self.left_for = None;
        for _ in 0..=REDIRECTS_MAX {
            let base = address.origin().ascii_serialization();
            let path = address[url::Position::BeforePath..].to_owned();
            let mut call = Call { body: body.take(), ..Call::new(method, path) };
            if call.body.is_some() {
                call = call.header("Content-Type", "application/x-www-form-urlencoded");
                call = call.header("Origin", origin.as_deref().unwrap_or_default());
            }
            let exchange = send(http, &base, call).await?;
            let Some(location) = exchange.header("location").map(str::to_owned) else {
                self.history.push(address);
                self.page = Some(exchange);
                return Ok(());
            };
            let next = address.join(&location);
            let next = next.map_err(|error| Failure::new(format!("{location}: {error}")))?;
            self.page = Some(exchange);
            if next.origin() != address.origin() {
                self.left_for = Some(next.into());
                return Ok(());
            }
            (method, address) = (Method::GET, next);
        }
        Err(Failure::new("the redirects have no end"))
    }
}

/// The value of an attribute of the tag that this text begins within, as it is meant.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = tag.split('>').next()?;
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    Some(unescaped(rest.split('"').next()?))
}

/// Text of a page as it is meant.
fn unescaped(html: &str) -> String {
    const MEANT: [(&str, &str); 9] = [
        ("&#60;", "<"),
        ("&lt;", "<"),
        ("&#62;", ">"),
        ("&gt;", ">"),
        ("&#34;", "\""),
        ("&quot;", "\""),
        ("&#39;", "'"),
        // Last, or what was meant as text would be read a second time.
        ("&#38;", "&"),
        ("&amp;", "&"),
    ];
    MEANT.iter().fold(html.to_owned(), |text, (written, meant)| text.replace(written, meant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_they_are_meant() {
        let tag = r#"action="landing/a/phone" value="a &#38; &quot;b&quot;">more value="no""#;
        assert_eq!(attribute(tag, "action").unwrap(), "landing/a/phone");
        assert_eq!(attribute(tag, "value").unwrap(), "a & \"b\"");
        assert_eq!(attribute(tag, "method"), None);
    }
}
