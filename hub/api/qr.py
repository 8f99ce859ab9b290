"""QR codes as rows of 0 and 1, for the console to draw."""


def qr_rows(text: str) -> list[str]:
    """The code's modules, 1 is dark; error correction M, the smallest version that holds it."""
    # imported here: who sets up a second factor waits for it, not each start of the hub
    from reportlab.graphics.barcode.qrencoder import (  # noqa: PLC0415
        QRCode,
        QRErrorCorrectLevel,
    )

    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = code.getModuleCount()
    return ["".join("01"[bool(code.isDark(row, at))] for at in range(size)) for row in range(size)]
