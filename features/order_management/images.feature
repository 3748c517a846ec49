Feature: Images
  An image is uploaded once and can then be shown with any number of orders.

  Source: Order Management API description, `Image`; Order Management API guide.

  @official
  Rule: An image is a PNG or a JPEG, at least 167 pixels high

    Scenario Outline: Uploading <picture>
      When the merchant uploads <picture> as "logo-1"
      Then the answer is 200
      And the answer names the image "logo-1"

      Examples:
        | picture              |
        | a PNG of 200 pixels  |
        | a PNG of 167 pixels  |
        | a JPEG of 167 pixels |

    Scenario Outline: Uploading <picture>
      When the merchant uploads <picture> as "logo-1"
      Then the answer is 400 and says "height"
      And the answer names the parameter "Src"

      Examples:
        | picture              |
        | a PNG of 166 pixels  |
        | a JPEG of 120 pixels |

    Scenario Outline: Uploading <picture>
      When the merchant uploads <picture> as "logo-1"
      Then the answer names the parameter "Src"

      Examples:
        | picture             |
        | a GIF of 200 pixels |
        | a text              |

  Rule: An image has at most 2 MB

    @assumed
    Scenario: The largest
      When the merchant uploads a PNG of 2097152 bytes as "logo-1"
      Then the answer is 200

    @official
    Scenario: A larger one
      When the merchant uploads a PNG of 2097153 bytes as "logo-1"
      Then the answer is 400 and says "size"
      And the answer names the parameter "Src"

  Rule: An image stays as it is

    @observed
    Scenario: The same id once more
      Given the merchant has uploaded a PNG of 200 pixels as "logo-1"
      When the merchant uploads a PNG of 300 pixels as "logo-1"
      Then the answer is 409

    @assumed
    Scenario: Another merchant's images are another's
      Given the merchant has uploaded a PNG of 200 pixels as "logo-1"
      When another merchant puts a link with the image "logo-1"
      Then the answer is 404

  @official
  Rule: An image has an id of at most 128 letters, and is sent as base64

    Scenario Outline: <case>
      When the merchant uploads an image with "<member>" set to <value>
      Then the answer names the parameter "<parameter>"

      Examples:
        | case                | member  | value                        | parameter |
        | no id               | imageId | nothing                      | ImageId   |
        | an id with a space  | imageId | "logo 1"                     | ImageId   |
        | an address          | src     | "https://taxi.example/1.png" | Src       |
        | no bytes            | src     | nothing                      | Src       |
        | another type        | type    | "url"                        | Type      |
        | no type             | type    | nothing                      | Type      |

  @observed
  Rule: A slash at the end of the path does not matter

    Scenario: As a plugin sends it
      When the merchant uploads a PNG of 200 pixels as "logo-1" to a path with a slash at its end
      Then the answer is 200
