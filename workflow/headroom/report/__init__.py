"""The page that a person reads first: results/7_report/report.html."""
