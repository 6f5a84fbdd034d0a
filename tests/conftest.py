"""Its being here puts this folder on the path of every test, so that they share what lies in fixtures/."""
