for study in config_of.studies:

    rule:
        name:
            study
        input:
            paths.study_summary.format(study=study),
            figures_of(study),
