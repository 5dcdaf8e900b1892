"""The certificate of a release, read from what was signed; printing it is an event."""

from radiopharm.core.actions import Action
from radiopharm.core.refusals import NotFound
from radiopharm.core.release_certificates import ReleaseCertificate
from radiopharm.store import instruments, waste
from radiopharm.store.acts import Act


def take(act: Act, container_id: int) -> ReleaseCertificate:
    """A released container's certificate; raises `NotFound` for one that was not released."""
    site = act.actor.site
    container = waste.get(act.db, site.id, container_id)
    release = container.release
    if release is None:
        raise NotFound(f"release of container {container_id}")
    editions = act.reference.rule_packs.get(release.pack, ())
    names = (pack.name for pack in editions if pack.edition == release.pack_edition)
    certificate = ReleaseCertificate(
        site=site,
        container=container.as_known(release.at),
        release=release,
        pack_name=next(names, release.pack),
        meters={meter.id: meter for meter in instruments.of_site(act.db, site.id)},
    )
    act.record(
        Action.DOCUMENT_PRINTED,
        f"container:{container_id}",
        document="release certificate",
        sha256=certificate.sha256,
    )
    return certificate
