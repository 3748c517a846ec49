//! What a taxi company decides once.

use jiff::SignedDuration;

/// How a dispatch deals with money, by choice and not by necessity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// When the receipt goes out.
    pub receipts: ReceiptOrder,
    /// What to do where parts cannot be captured.
    pub without_parts: WithoutParts,
    /// From which part of the hold on, in percent, a second one is asked for on the way.
    pub top_up_percent: u8,
    /// How long before the pick-up a ride that was ordered ahead is asked for.
    pub reserve_ahead: SignedDuration,
    /// How long before the bank may let go of a hold somebody is warned.
    pub warn_ahead: SignedDuration,
}

/// When the receipt goes out. A receipt cannot be changed or taken back, so each order risks
/// something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptOrder {
    /// Before the capture, as the documented taxi flow has it: whoever is charged has a receipt. If
    /// the capture then fails for good, a receipt stays for money that was never taken.
    BeforeCapture,
    /// After the capture and the release: a receipt is never wrong. If the merchant dies in between
    /// and is never started again, somebody has paid without a receipt.
    AfterRelease,
}

/// What to do where parts cannot be captured (error 6140).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutParts {
    /// Let go of the hold and ask for the exact fare: the passenger must approve once more.
    AskAnew,
    /// Capture all of it and give the difference back: the passenger waits days for that.
    CaptureAllAndRefund,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            receipts: ReceiptOrder::BeforeCapture,
            without_parts: WithoutParts::AskAnew,
            top_up_percent: 80,
            reserve_ahead: SignedDuration::from_hours(2),
            warn_ahead: SignedDuration::from_hours(24),
        }
    }
}
