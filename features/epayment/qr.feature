Feature: Codes to scan
  A payment by QR has a picture for a screen that the customer sees. Whoever scans it comes to the
  payment, needs no number to be known before, and stays where the payment ends.

  Source: ePayment API guide, QR payments.

  @official
  Rule: The link of the payment is the picture, or what it says

    Scenario Outline: <format>
      Given a payment of NOK 345.92 by QR with qrFormat set to <format>
      When somebody without keys fetches the picture
      Then the picture is <type>

      Examples:
        | format                                   | type          |
        | nothing                                  | image/svg+xml |
        | {"format": "IMAGE/SVG+XML"}              | image/svg+xml |
        | {"format": "IMAGE/PNG"}                  | image/png     |
        | {"format": "IMAGE/PNG", "size": 100}     | image/png     |
        | {"format": "IMAGE/PNG", "size": 2000}    | image/png     |
        | {"format": "IMAGE/SVG+XML", "size": 512} | image/svg+xml |

    @mock-only
    Scenario: The address that a picture would say
      Given a payment of NOK 345.92 by QR with qrFormat set to {"format": "TEXT/TARGETURL"}
      When the customer opens the link
      Then the page asks for a phone number
      And the page shows "NOK 345.92"

  Rule: A format is named, and a size is one that a screen can use

    @official
    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 by QR with qrFormat set to <value>
      Then the request is refused and names the field "<field>"
      And no payment has come of it

      Examples:
        | case                | value                                | field            |
        | No format           | {}                                   | qrFormat.format  |
        | A size alone        | {"size": 512}                        | qrFormat.format  |
        | A format of our own | {"format": "IMAGE/GIF"}              | qrFormat.format  |

    @assumed
    Scenario Outline: <case>
      When the merchant asks for NOK 345.92 by QR with qrFormat set to <value>
      Then the request is refused and names the field "<field>"
      And no payment has come of it

      Examples:
        | case                | value                                | field            |
        | Too small           | {"format": "IMAGE/PNG", "size": 99}  | qrFormat.size    |
        | Too large           | {"format": "IMAGE/PNG", "size": 2001} | qrFormat.size   |
        | A size in words     | {"format": "IMAGE/PNG", "size": "512"} | qrFormat.size  |
        | No object           | "IMAGE/PNG"                          | qrFormat         |

    @assumed
    Scenario: Other flows have no use for a format
      When the merchant asks for NOK 345.92 by WEB_REDIRECT with qrFormat set to {"format": "IMAGE/PNG"}
      Then the request is accepted

  @official @mock-only
  Rule: The picture dies with the payment

    Scenario Outline: A payment that <situation>
      Given a payment of NOK 345.92 by QR that <situation>
      When somebody without keys fetches the picture
      Then the page is refused with 410

      Examples:
        | situation                     |
        | has expired                   |
        | is approved                   |
        | was rejected                  |
        | was cancelled before approval |

  @official @mock-only
  Rule: Whoever scanned stays there

    Scenario: A receipt and no way back
      Given a payment of NOK 345.92 by QR with qrFormat set to {"format": "TEXT/TARGETURL"}
      And the customer has opened the link
      And the customer has entered the number
      When the customer approves on the page
      Then the payment is AUTHORIZED
      And the customer is not sent away
      And the page says "Payment approved"
      And the page shows "NOK 345.92"

    Scenario: Even if the merchant gave an address
      Given a payment of NOK 345.92 by QR to the page with returnUrl set to "https://taxi.example/rides/1"
      And the customer has opened the link
      When the customer cancels on the page
      Then the payment is ABORTED
      And the customer is not sent away
      And the page says "Payment cancelled"
