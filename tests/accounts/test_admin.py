"""Who makes an organizer: a superuser, in the admin."""

from fixpoint.accounts.models import User


def test_a_superuser_gives_the_role_of_organizer_in_the_admin(client, owner):
    root = User.objects.create_superuser("root", "root@example.org", "correct horse battery")
    client.force_login(root)
    page = f"/admin/accounts/user/{owner.pk}/change/"
    fields = client.get(page).context["adminform"].form.initial
    sent = {name: value for name, value in fields.items() if value not in (None, False, [])}
    joined = fields["date_joined"]
    sent |= {"role": "organizer", "date_joined_0": f"{joined:%Y-%m-%d}", "date_joined_1": f"{joined:%H:%M:%S}"}

    answer = client.post(page, sent)

    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert User.objects.get(pk=owner.pk).is_organizer
    assert not owner.is_organizer
