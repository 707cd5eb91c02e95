"""Money's verbs, by stage: earning, stating, paying, settling; booking is under them all."""
