"""What is watched: alarms, service levels and a dashboard, made from what is deployed."""
