for study in config_of.studies:

    rule:
        name:
            study
        input:
            paths.study_summary_csv.format(study=study),
            paths.study_report.format(study=study),
