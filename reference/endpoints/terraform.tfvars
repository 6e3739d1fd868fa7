# Values for a first plan; replace them with your own.
name        = "shop"
region      = "eu-central-1"
zone_name   = "example.com"
domain_name = "shop.example.com"
app_version = "1.4.2"
