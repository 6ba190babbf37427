"""What the ingest program of the locked model finds in a zip and its images, as workers report it."""

from django.utils.translation import gettext_noop as _

SENTENCES = (
    # archive.py, directory.py, names.py
    _("the archive holds this name more than once"),
    _("the files unpack to %(size)s bytes; the limit is %(most)s"),
    _("the file is encrypted"),
    _("an archive within the archive"),
    _("compressed by method %(method)s; only stored and deflate are read"),
    _("%(size)s bytes are more than the limit of %(most)s"),
    _("the file cannot be unpacked: %(error)s"),
    _("the file's own header contradicts the directory: %(error)s"),
    _("the file's length is not what the archive's directory says"),
    _("the file has %(size)s bytes; the limit is %(most)s"),
    _("the file is not a zip archive, or its directory is damaged"),
    _("the archive holds more than %(most)s files and folders"),
    _("the archive needs a newer version of zip than is read here"),
    _("a name in the archive is not valid UTF-8 though it is marked as such"),
    _("the archive's directory cannot be read: %(error)s"),
    _("the name is longer than %(most)s bytes"),
    _("the name holds control characters"),
    _("the name holds a backslash; zip separates folders by /"),
    _("the name is absolute"),
    _("the name leads out of the archive by .."),
    # images.py, ingest.py, layout.py
    _("the content is none of PNG, JPEG, WebP, BMP, GIF, TIFF"),
    _("%(width)s x %(height)s pixels are more than the limit of %(most)s"),
    _("the file ends before its last chunk"),
    _("the colour mode %(mode)s is not supported"),
    _("it cannot be decoded: %(error)s"),
    _("the archive holds no image"),
    _("the image has several frames; the first one is used"),
    _("%(images)s images; the limit is %(most)s"),
    _("here stand only files at the root, named by a number"),
    _("images stand in %(place)s"),
    _("the folder (with %(count)s files) is no class of this task"),
    _("the folder %(split)s is missing or empty"),
    _("there is no class folder"),
    _("the folder of this class is missing or empty"),
)
