Feature: Checking in
  A passenger scans the sticker on the seat, and the taxi is told who may be asked for money.

  Source: QR API guide, merchant callback; Webhooks API guide, event types.

  @mock-only
  Rule: A scan is told by webhook, with a token that names the customer

    @official
    Scenario: What the webhook says
      Given a receiver of check-ins
      When a customer scans the code "car-7-seat-2"
      Then each delivery is compact JSON with the members customerToken, merchantQrId, msn, initiatedAt
      And the member "merchantQrId" of each delivery is "car-7-seat-2"
      And each delivery names its own registration and is signed with its secret

    @official
    Scenario: The token names the customer
      Given a receiver of check-ins
      And a customer has scanned the code "car-7-seat-2"
      When the merchant asks the customer who scanned for NOK 345.92
      Then the request is accepted

    @official
    Scenario: The token lasts fifteen minutes
      Given a receiver of check-ins
      And a customer has scanned the code "car-7-seat-2"
      And 15 minutes have passed
      When the merchant asks the customer who scanned for NOK 345.92
      Then the request is refused with 4050

    @assumed
    Scenario: Payments do not concern it
      Given a receiver of check-ins
      When the merchant asks for NOK 345.92
      Then the receiver gets nothing

  Rule: A sales unit has one registration for check-ins

    @official
    Scenario: A second one
      Given a registration of "https://example.com/hooks" for check-ins
      When the merchant registers "https://example.com/hooks" for check-ins
      Then the answer is 400
      And 1 registration is left
