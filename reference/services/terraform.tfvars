# Values for a first plan; replace them with your own.
name      = "shop"
region    = "eu-central-1"
zone_name = "example.com"

services = {
  web = {
    app_version = "2.3.0"
    hosts       = ["shop.example.com"]
    environment = { LOG_LEVEL = "info" }
  }

  api = {
    app_version = "1.9.4"
    cpu         = 512
    memory      = 1024
    hosts       = ["api.example.com"]
    port        = 9000
    secrets     = ["DATABASE_PASSWORD", "PAYMENT_KEY"]
  }

  worker = {
    app_version = "1.9.4"
    secrets     = ["DATABASE_PASSWORD"]
  }
}
