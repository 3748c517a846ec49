//! The link by which a customer comes to a payment (landing page, in the ePayment API guide).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::UserFlow;
use crate::domain::{PhoneNumber, Profile};

/// What is said of a link to whoever gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkAddress {
    /// Stands for the payment, and is all that its holder has to show.
    pub token: Arc<str>,
    /// What the link leads to.
    pub kind: LinkKind,
}

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkKind {
    /// The landing page, in a browser.
    Page,
    /// The app itself, that of this environment.
    App(Profile),
    /// A code to scan, or what it says.
    Code(QrFormat),
}

/// In what form a code to scan is given (`qrFormat`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QrFormat {
    /// As the address that it stands for.
    TargetUrl,
    /// As a picture of lines.
    Svg,
    /// As a picture of pixels.
    Png {
        /// Its width and its height, in pixels.
        size: u16,
    },
}

/// A link, and how far somebody has come by it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Link {
    address: LinkAddress,
    payer: Option<Payer>,
    browser: Browser,
}

/// What has become of whoever followed a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Browser {
    /// It may still come to the end.
    UnderWay,
    /// It has been told how the payment ended, or sent back to the merchant.
    Returned,
    /// It was closed, and never comes back.
    Closed,
}

/// Who said on the landing page that they would pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Payer {
    /// The owner of this number, in the app.
    Phone(PhoneNumber),
    /// Whoever has the card that begins with these six digits.
    Card {
        /// The six digits.
        bin: Arc<str>,
    },
}

/// The least and the most that a picture of pixels may be wide (ePayment API description).
pub const QR_SIZE_PX: (u16, u16) = (100, 2000);

impl QrFormat {
    /// The formats that are pictures or text of one form, and PNG with its usual size.
    pub const ALL: [Self; 3] = [Self::TargetUrl, Self::Svg, Self::Png { size: 1024 }];

    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TargetUrl => "TEXT/TARGETURL",
            Self::Svg => "IMAGE/SVG+XML",
            Self::Png { .. } => "IMAGE/PNG",
        }
    }

    /// The same with this size, where the format has one.
    #[must_use]
    pub const fn with_size(self, size: u16) -> Self {
        match self {
            Self::Png { .. } => Self::Png { size },
            Self::TargetUrl | Self::Svg => self,
        }
    }
}

impl LinkKind {
    /// What the link of a payment by this flow leads to, if it has one.
    #[must_use]
    pub const fn of(flow: UserFlow, code: QrFormat, profile: Profile) -> Option<Self> {
        match flow {
            UserFlow::PushMessage => None,
            UserFlow::NativeRedirect => Some(Self::App(profile)),
            UserFlow::WebRedirect => Some(Self::Page),
            UserFlow::Qr => Some(Self::Code(code)),
        }
    }
}

impl Link {
    /// A link that nobody has followed.
    #[must_use]
    pub const fn new(address: LinkAddress) -> Self {
        Self { address, payer: None, browser: Browser::UnderWay }
    }

    /// What it looks like.
    #[must_use]
    pub const fn address(&self) -> &LinkAddress {
        &self.address
    }

    /// Who said that they would pay.
    #[must_use]
    pub const fn payer(&self) -> Option<&Payer> {
        self.payer.as_ref()
    }

    /// Whether it has led somebody to the end of the payment, or never will: then it leads nobody
    /// else there.
    #[must_use]
    pub const fn is_used(&self) -> bool {
        match self.browser {
            Browser::UnderWay => false,
            Browser::Returned | Browser::Closed => true,
        }
    }

    /// Whether the browser of whoever followed it was closed on the way.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        match self.browser {
            Browser::UnderWay | Browser::Returned => false,
            Browser::Closed => true,
        }
    }

    /// Somebody says that they will pay.
    pub fn take(&mut self, payer: Payer) {
        self.payer = Some(payer);
    }

    /// Somebody has come to the end.
    pub fn use_up(&mut self) {
        self.browser = Browser::Returned;
    }

    /// Whoever followed it closes the browser.
    pub fn close(&mut self) {
        self.browser = Browser::Closed;
    }
}
