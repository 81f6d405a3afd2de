from django.core.management.base import BaseCommand

from alliance.core.seeding import seed_all


class Command(BaseCommand):
    help = "Load the first content. Creates what was never loaded here; what a curator edited or deleted stays so."

    def handle(self, **options):
        created = seed_all()
        self.stdout.write(f"{created} new pieces of content loaded" if created else "all content was loaded before")
