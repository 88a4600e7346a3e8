"""Plan: initiatives, resources and a timeline in which every party consents and nobody is worse off."""
