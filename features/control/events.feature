@assumed @mock-only
Feature: Everything that happens, as a stream
  Whoever listens hears of all that happens in a sales unit, as it happens and in its order, and can go on
  after a break where it was.

  Source: our own control API; server-sent events of the HTML standard.

  Rule: Nothing happens that the stream does not tell

    Scenario: A ride from the registration of a webhook to the receipt
      Given a receiver of AUTHORIZED
      And a payment of NOK 500.00
      And the customer has approved
      And the next capture is to fail with 6280
      And a capture of NOK 345.92 has failed with the key "capture-1"
      And the merchant has posted the receipt of a ride of NOK 345.92
      When the tester reads the events from the start
      Then the events say, one after the other:
        | kind         | words           |
        | sales-unit   | was opened      |
        | clock        | frozen          |
        | registration | registered for  |
        | payment      | CREATED         |
        | payment      | AUTHORIZED      |
        | fault        | is to be        |
        | fault        | capture of ride |
        | receipt      | stored          |
      And the events are numbered in their order

    Scenario: A payment and its webhooks
      Given a receiver of all payment events
      And a payment of NOK 500.00
      When the tester reads the events from the start
      Then the events of the payment are:
        | kind     | event                        |
        | payment  | CREATED                      |
        | delivery | epayments.payment.created.v1 |

    Scenario: Time that is moved, and what falls due on the way
      Given a payment of NOK 500.00
      And 1 hour has passed
      When the tester reads the events from the start
      Then the events say, one after the other:
        | kind    | words    |
        | payment | CREATED  |
        | payment | EXPIRED  |
        | clock   | moved on |

  Rule: Whoever listens hears it at once

    Scenario: One sales unit
      Given a payment of NOK 500.00
      And somebody listens to the events
      When the customer approves
      Then the listener hears, one after the other:
        | kind    | words      |
        | payment | AUTHORIZED |

    Scenario: All sales units
      Given somebody listens to the events of all sales units
      And a payment of NOK 500.00
      When 1 hour passes for another merchant
      Then the listener hears of both merchants

  Rule: A stream goes on from any event that it has told

    Scenario: After a break
      Given a payment of NOK 500.00
      And somebody has heard of all events so far
      And the customer has approved
      When the tester reads the events after the last one heard of
      Then the events of the payment are:
        | kind    | event      |
        | payment | AUTHORIZED |
      And no event was missed

    Scenario: After a reset, which numbers go on from
      Given a payment of NOK 500.00
      And somebody has heard of all events so far
      And the sales unit has been reset
      When the tester reads the events after the last one heard of
      Then the events say, one after the other:
        | kind       | words     |
        | sales-unit | was reset |
      And no event was missed

    Scenario: From a place that is not in this stream
      Given a payment of NOK 500.00
      When the tester reads the events after one of another sales unit
      Then the first event says that others were missed
      And the events of the payment are:
        | kind    | event   |
        | payment | CREATED |

    Scenario: From what is no id
      When the tester asks for the events after "yesterday"
      Then the control API refuses with 400

  Rule: A reset is a new start

    Scenario: Reading from the start
      Given a payment of NOK 500.00
      And the sales unit has been reset
      When the tester reads the events from the start
      Then the events of the payment are:
        | kind | event |
      And the events say, one after the other:
        | kind       | words     |
        | sales-unit | was reset |

  Rule: A stream ends with its sales unit

    Scenario: The sales unit is dropped
      Given somebody listens to the events
      When the tester drops the sales unit
      Then the stream ends, and says last "the sales unit was dropped"
