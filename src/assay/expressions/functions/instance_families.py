"""Which families of instance types encrypt the traffic between instances in their network hardware.

Dated facts, not rules: what NetworkInfo.EncryptionInTransitSupported of DescribeInstanceTypes was for every type of
these families, as recorded in moto 5.2.1; AS_OF is the day of that record. In no family did two sizes differ. A family
that the record does not have is in neither set. AWS names the families that do in SOURCE, too.
"""

import datetime

AS_OF = datetime.date(2026, 5, 20)
SOURCE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/data-protection.html#encryption-transit"

ENCRYPTING = frozenset(
    """
    c5a c5ad c5n c6a c6gn c6i c6id c6in c7a c7g c7gd c7gn c7i c7i-flex c8a c8g c8gb c8gd c8gn c8i c8i-flex c8ib
    c8id c8in c8ine d3 d3en dl1 dl2q f2 g4ad g4dn g5 g6 g6e g6f g7e gr6 gr6f hpc6a hpc6id hpc7a hpc7g hpc8a i3en
    i4g i4i i7i i7ie i8g i8ge im4gn inf1 inf2 is4gen m5dn m5n m5zn m6a m6i m6id m6idn m6in m7a m7g m7gd m7i
    m7i-flex m8a m8azn m8g m8gb m8gd m8gn m8i m8i-flex m8ib m8id m8in m8ine mac-m4 mac-m4pro p3dn p4d p4de p5
    p5e p5en p6-b200 p6-b300 r5dn r5n r6a r6i r6id r6idn r6in r7a r7g r7gd r7i r7iz r8a r8g r8gb r8gd r8gn r8i
    r8i-flex r8ib r8id r8in trn1 trn1n trn2 u-3tb1 u-6tb1 u7i-12tb u7i-6tb u7i-8tb u7in-16tb u7in-24tb u7in-32tb
    vt1 x2idn x2iedn x2iezn x8aedz x8g x8i
    """.split()  # noqa: SIM905 - a table of names is read without quotes
)

NOT_ENCRYPTING = frozenset(
    """
    a1 c1 c3 c4 c5 c5d c6g c6gd d2 g5g h1 i2 i3 m1 m2 m3 m4 m5 m5a m5ad m5d m6g m6gd mac-m4max mac1 mac2
    mac2-m1ultra mac2-m2 mac2-m2pro r3 r4 r5 r5a r5ad r5b r5d r6g r6gd t1 t2 t3 t3a t4g x1 x1e x2gd z1d
    """.split()  # noqa: SIM905 - a table of names is read without quotes
)
