"""The model of a Fargate deployment: entities, attributes, links."""
