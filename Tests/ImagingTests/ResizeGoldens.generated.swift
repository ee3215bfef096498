// Written by scripts/goldens/imaging.py.

extension ResizeGolden {
    static let all: [ResizeGolden] = [
        ResizeGolden(
            5, 4, 3, 8, 7, .bicubic,
            "I1qIYCx8uQZd03QQzIIVsDZmoZlNmu4ucZF2jmZosDJMm1EdhWEsd19xgIxviq5k9uJX3r9IpH02QiE+EzZcIKuMS3itakK+/4lT/4BW03VmanWSQ525YezSUI7OQD3I4ydP9Dxl9G+RlN3Hg//svfH2ZJbHGVWjXlg1jX5Ltb5qR/luVNB+0FeUZU9qBlxGEX0mT6s6jO1PF/81M6s51ABWZSMyAF8R"
        ),
        ResizeGolden(
            23, 17, 3, 7, 5, .bicubic,
            "m4Fphpxac4Zlh4yBiYugillyc2WXnoSFmqJ9nX53f5GMoal8ZI2SaoOSf5t1kI11mYiNe22SiKNkV3Jsmo+DYnB9b3qHg4B1a4qLlZWAeF+KbnV2eIqCZYJskJyFh52YkZCDZ2iAdIWX"
        ),
        ResizeGolden(
            64, 64, 1, 9, 9, .bicubic,
            "g4mEe4KPhZOBe4aBb4KXhnN/cIqHeoOHiYN8fX53fnWFiXt3e3J/Z3OBeoSDfoZ6got+dIeKg3t+gXJ2enuBgHl1f2h1g4WCeoKOfIB0f4uB"
        ),
        ResizeGolden(
            9, 31, 2, 6, 10, .bicubic,
            "i36Yd1d+X3uFm3yBqaGnV6yOom6fXcROa2RmcGqgnYiQYbZ3qIgxXW59W3WaaIqKl4hTjGGAhVane6C0uoOtk65vVl6csJ1ZY5BVe0OYeoGDhLeZRrFQj4ypaad0pqGhkah+g5u7fr+BnIiDu6JejIGaqpClXpOV"
        ),
        ResizeGolden(
            31, 9, 4, 10, 4, .bicubic,
            "SZCcgZNuYpiPcmF7vLilULSWbV2VnX5hqlW4WpaUcIhhhHSFeIaSlqOaboaJgJWTgYlzfpa1c3NbwdCOebKBfLifkXB9kX2hiFKQkoqudbKMpFWBr1uUlHd7mnxFjmpUPdF4cJyniV1WaapeaoF3eH19kFF8gJyPcrKVjJZXh4l4aWuMX4+LhY2ZbpK2lbiUi0uEh0J5d1ysXotsg4p0lw=="
        ),
        ResizeGolden(
            12, 40, 3, 10, 5, .bicubic,
            "oZ9/goKHZoFelnWHgYZwjWtuamZmlI+OgHGclpyMnJaFeHmFhHd/hXyTcqyafKF4lYxnlZONmqSEiKeBdoWjgWyHimNzhKGJaYmCjV9qbHdxdHeBdn9qdIZkcHN4fJ2KXWB2e4Nwipd1iZG2e5Gff3Gbh41ud6OCfoJlVWd5YX2KiFZ+lYSDboWigaeae4uiY5KBgpFr"
        ),
        ResizeGolden(
            1, 1, 3, 4, 3, .bicubic,
            "PF6BPF6BPF6BPF6BPF6BPF6BPF6BPF6BPF6BPF6BPF6BPF6B"),
        ResizeGolden(
            40, 3, 1, 2, 30, .bicubic,
            "dYR1hHWEdYR1hHWEdIR0hXOGcoZyh3GHcYhxiHGIcYhzh3SGd4V5hHuCfYF/gIB/gn6CfoN9hH2EfYR9"),
        ResizeGolden(
            23, 17, 3, 23, 3, .bicubic,
            "h2mdn4Jtonhaq7l3natZaqeKlnVCZ4GAnYdoeIxorYSLcoiIeI97g6Sft7yim2OGbZNycI+Sll2GW117iWJ1TY2YhnTHf4N+eIdtk5+ZX4dpwIJUa4ean5SMl6OZv4tpc06DXWCAdZemhWiljrRQl7d9lohPe6WRTW6DXVl3XXxue4+Lnox5j4qNoIy1a5hYTWZ5UWmCgnyUc4poW5JOa5W9sKhZol6HdJyNa7CbcYV+hqTItoFad6JdqX69U2lqXjtnf1u3cbdvlHqHPmCP"
        ),
        ResizeGolden(
            23, 17, 3, 5, 17, .bicubic,
            "p2tJgX9bnoauWaZlcWV5qqF0kq9gTJNvk1uzf1afZZxbW41Zl6FqplyDh1FjtXFsbXCBoHOlkYqPbW+sjZ+cpoxdsJBuf6N6Z5edrXhzlq9cTpOFcK+iRnSVnaaFvWmmjrCklqZ1cJ2Cl6mdoZuvsGh7hp9jiGZ1bMx4dZVgbXx1XI9FgrqNg0ZMs42KcnivbZFlk25qWYJBf4JslXqGXky3b0WFlFCNcEyGUFhJn3pvaXprPoi5W4p7dKSlraObf4SZaIB5lriUo8und3prUFNoYqF2i5trgKhxcYhhaoqeiFWJgnqCpIKcbH17k3KHb6BkWIlfeYminW25U4Oe"
        ),
        ResizeGolden(
            200, 150, 3, 6, 5, .bicubic,
            "f4F+foF9f31/fIKAgX2Efn99gHx/gH19gn+Af3+Ef4B/fnx+e4OCgIF6foCAf4F+foCAfn2BgYF+gIF+f39/gH6CgYGEgIF+f359foJ/gYGAfn9/gX19gHyB"
        ),
        ResizeGolden(
            13, 11, 3, 6, 5, .lanczos3,
            "f3WJfKNMoZg4V21jamGwtaCXnXqOd3Jod5Z3gqOmXXZPbI2PemVadVmAxXmJtJN/b3RcgUu1mGeHkKWAnrymemaDhKhZoV+gdsKBl5iLUpJUZZ2bTJqTu4d7"
        ),
        ResizeGolden(
            4, 5, 4, 7, 6, .lanczos3,
            "OGBzuSxfmLASYsaZBWa1ZByuNHWE0jLWruxD/8BIs5ecKYl8JwAwVQBFRVEMr45kV8+HZo3ce2GdwnmTiMeVm3TQrKCG44aUt+9aYIeP1yAAACIALv8rU0T/oWVq//x1s//HWP+uADz7awBM22QSXgAAAAAIAAAA/wAACe7dqg93apk8p1tkjrZXVr1//38C/7pZJfzHcWXo/4t8o+rChnBV6K1fD/PF"
        ),
        ResizeGolden(
            13, 11, 3, 6, 5, .bilinear,
            "fnyFfJ5RmJFGaHdlbGOjp5mamnaJgHJtepF9fZ+YaHNcb4yMfmthgGV4t3p+pI2Cb3xngVStk3KKiqCIlq+VgXOEiJ5ipGeYfLeBlJSIW5xhZ5WYW5qLrod/"
        ),
        ResizeGolden(
            5, 4, 2, 9, 7, .bilinear,
            "O15de3yqXY4KXoR5rZA/nASjPWNigoW1ZK0olnmGt3xkjjqZQGtpjpHIa+A68Gyb0F2ueaCKQENZXm+LULIw2F6Sp2N+i2+kVRs0MSBWI4IjslKLg3Zco02/wiZsWU6tSq5Gm2iygcWWvqW67i19cljkWcpijHHLgPa0zuC2"
        ),
        ResizeGolden(
            13, 11, 3, 6, 5, .box,
            "dHCii4s8m6tMan9/iDufp7GTs4KFiVd+dpt2SqegXoM1XYioi3tjaWRrs4+JnJKGZWpgjlzFi16ee7porMKHnGp2gLtOw1CjbLJ9o46gQ5dWVaOVWJeZy5Zz"
        ),
        ResizeGolden(
            5, 4, 3, 7, 8, .box,
            "PF6BtAxetAxexo4Eo0Bso0Bsl9Y8PF6BtAxetAxexo4Eo0Bso0Bsl9Y8+9xTrog3rog3GhJRIbWVIbWVYUPA+9xTrog3rog3GhJRIbWVIbWVYUPA7i1V+2OM+2OMd/7gtvX5tvX5J1+v7i1V+2OM+2OMd/7gtvX5tvX5J1+vKX4sl99Ul99UBPM71AZi1AZiC1ghKX4sl99Ul99UBPM71AZi1AZiC1gh"
        ),
        ResizeGolden(
            13, 11, 4, 6, 5, .nearest,
            "YgtYIcvuAger97t9opSJDcZG6fCpv3F/sayFfN2mnHtincHMGaYJEtdq1GZ6HwAcyxzXaK1iYefcL1Wy1G+CKl29JQGoI69PWv/1XnupB7KEoEbvjC71rRLxN8AybG2btiHQ2p2V3z+U8x3M0bYJmOTlzPP6cBkV"
        ),
        ResizeGolden(
            5, 4, 3, 11, 7, .nearest,
            "PF6BPF6BtAxetAxexo4Exo4Exo4Eo0Bso0Bsl9Y8l9Y8PF6BPF6BtAxetAxexo4Exo4Exo4Eo0Bso0Bsl9Y8l9Y8+9xT+9xTrog3rog3GhJRGhJRGhJRIbWVIbWVYUPAYUPA+9xT+9xTrog3rog3GhJRGhJRGhJRIbWVIbWVYUPAYUPA7i1V7i1V+2OM+2OMd/7gd/7gd/7gtvX5tvX5J1+vJ1+vKX4sKX4sl99Ul99UBPM7BPM7BPM71AZi1AZiC1ghC1ghKX4sKX4sl99Ul99UBPM7BPM7BPM71AZi1AZiC1ghC1gh"
        ),
    ]
}

extension CLIPGolden {
    static let all: [CLIPGolden] = [
        CLIPGolden(
            19, 11, 3, shape: [3, 8, 8],
            config: #"{"size": {"shortest_edge": 8}, "crop_size": {"height": 8, "width": 8}}"#,
            values:
                "kuB8PQD/oj9UmxI/lrBMv6bBa77I5MA/ftEdPyBWnD3nO7o9pvHhPvAyqr7wSiU/Y/H0vjV42j4j8gG/UECIPpY8yj8pks+++xi1PpveDj9irLG+bCVbOxgmpj5H/H4/jfo3P8K5jz7iIQs/ljzKP64h2D0j8gG/YsQsPyBWnD0bgTA/R/x+PzeOIT/CuY8+R/x+P7cYyL7sHGO/frmivjIbHL+klCO/NXjaPvxd+D5d3aQ/VJsSP5/2CT6AXIE/VJsSP8LOXL4EFUE9txjIvoGJrL1jCXA/VOBVP2wlWzt5Xhi/w/7SPtQlub71p2M+bB0Dvj50j78Ya+k+a3pBvw2tgL6O9M8/bHyhPX6OCj2EP1O+gN+RvWsCnj8YP5g/U4jBv5mx/T1Tfx4/x6caP+BWIj8DSVQ/WQmFP0yUhD7/Ng4+rgG2v+j7cb55yeA+bEDsvs06JL+2nWK+sGJpv+0kJb67xhW+HPhbP2Aa2T4NrYC+0epEP+0kJb4Icgc/nVE8PhCJqT83Rma9RBNBP3z7tj9Yupe+0epEPxz4Wz/tJCW+AR3MPy68yT5lQ4w+z768P+BWIj/1VQm/I4tlv+0kJb4Qiak/UlOWPzri3L7bLW8/ITPVvqnPXz8x7p8/csEvv+Ousj52cVA/R2vRPi68yT4K3F2/2y1vP8V7kj8Mfp8+3hkwvlWYFb8ZMjS9yetvP9FGKT3uo2g/MYuaP+RQOT+WTOg+YMxSPwEAZT/R9Dw/yApiv9tmXr+bk5m+768BPgxfLT4L06E/ezEcP5OpPr6yZAO/5sWmPhkyNL0MIck9DCHJPXMoTz99e34/768BPhm2670Mfp8+orOEP4ysCr+2JFM8QjwZv6MBrD3BagS+JST+Pu1ZBj/eGTC+vAThPp5VtT5HOU2+0+PdP0c5Tb4UXGE/himKP5DXej+Tisy+11KMv0IdJz9qn48/VXkjP+1ZBj+jXoI+FFxhP2Uqor+8BOE+fXt+P9jRfrxt0tO+ioH/vgAfV79K3PY+"
        ),
        CLIPGolden(
            11, 30, 3, shape: [3, 6, 7],
            config: #"{"size": {"shortest_edge": 9}, "crop_size": {"height": 6, "width": 7}}"#,
            values:
                "39tNvlAQEr4MzJi/KdmJvyJnnr/Vgnc/4iELP+V7Yb2uIdg94iELP3YH9j2yvT2/wrmPPtQ9ND8pks++mwvXvvGPaD9WsCW9EFXoveV7Yb1P+c0//EV9vw1YFj/I5MA/wrmPPhgmpj7wSiU/ZE+QP3/+5b4pTYy+pvHhPrcYyL4uwkU+YsQsPwflEL8H5RC/+QA6vxG1VD6klCO/+QA6vw2dWT9m3Cc+rMyKP+Ousj6LGKe+ZwVzP1N/Hj+F3S0/w855O/EsVr99BFq/KeCgvwEdzD9D57g/A0lUP80xgT+Xs2G/K2Q5P+qZTD95yeA+wn5nP3VFyD/tJCW+Zsp5Pi68yT7gViI/fo4KPWRVUr9Lqda8RwdIPS68yT67xhW+ISEPP4bv874hM9W+sFCjPv+PkD//Ng4+w855O6zMij8c+Fs//F26PsenGj9yaZ++tEURP5OpPr6jXoI+TjrGPzkzTL8tLcs+70inP6PYtT+8BOE+J7hdP8mQrj8MvIO+7VkGP9zsqj8lJP4+wUuSvnV+Sj6/YrA/+HalP0IdJz/cR2w/to9zPzoUWj8dZS4/asTAP0ca274nXZw/5wOLvtxHbD9qn48/RzlNvsFLkr78CoW/JST+PodOuz/bZl6/MMEqPybXT7+ePpe/HWUuP6Mzdz+ZhYY/"
        ),
        CLIPGolden(
            20, 20, 4, shape: [3, 8, 4],
            config: #"{"size": {"shortest_edge": 5}, "crop_size": {"height": 8, "width": 4}}"#,
            values:
                "3Gjlv9xo5b/caOW/3Gjlv9xo5b/caOW/3Gjlv9xo5b8cDJQ/TrSKP7m7pj/rY50/HAyUP+NmTj/Vgnc/B3GOPxaaqD+OP3s/1YJ3P0f8fj9jCXA/fxZhP2MJcD9OtIo/jfo3P8ZZXT/y1Yg/gFyBP9xo5b/caOW/3Gjlv9xo5b+4ROC/uETgv7hE4L+4ROC/uETgv7hE4L+4ROC/uETgvxg/mD/32aE/UlOWP3z7tj98+7Y/EImpP3K4jD+2D7U/Q+e4Pxg/mD//j5A/TlZrP05Waz+lFpw/9Nx2P48gWD8Icgc/awKeP6zMij++xaM/uETgv7hE4L+4ROC/uETgv9h3vb/Yd72/2He9v9h3vb/Yd72/2He9v9h3vb/Yd72/asTAP1dDkz+j2LU/5RqpP00VlT8xi5o/AqWjP+UaqT8VJtE/V0OTP6KzhD+2NLI/yetvP8mQrj86uZg/YHGRP2DMUj8L06E/TRWVPye4XT/Yd72/2He9v9h3vb/Yd72/"
        ),
        CLIPGolden(
            20, 14, 1, shape: [3, 5, 5],
            config: #"{"size": {"height": 6, "width": 7}, "crop_size": {"height": 5, "width": 5}, "resample": 2}"#,
            values:
                "mwvXvrqjjr2S4Hw9EbVUPhgmpj4EFUE9bB0Dvqbx4T6m8eE+bB0Dvn65or5//uW+dgf2Pdmacj5Rhcs+ws5cvvF37b4EFUE9BBVBPZLgfD0QVei9DYXevtmacj7ZmnI+UECIPqTHrr5qK5o8MZUdPpehmz5gGtk+/zYOPm7NKL2USQs/lEkLP27NKL3o+3G+1iW+vgEOWz7J/6o+3oX/PoloBr7v1MW+/zYOPv82Dj4xlR0+S6nWvL12tr7J/6o+yf+qPvxduj51+hK+dX5KPubFpj5wlO8+oekUPwx+nz6jPxA+CgkyPwoJMj+jPxA+GTI0vd4ZML5T5cM+JST+PkIdJz+jhWM9k6k+vgx+nz4Mfp8+5sWmPljPHj4qiiG+JST+PiUk/j7tWQY/"
        ),
        CLIPGolden(
            6, 5, 3, shape: [3, 9, 8],
            config: #"{"do_resize": false, "crop_size": {"height": 9, "width": 8}, "do_normalize": false}"#,
            values:
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADx8HA+tbQ0P8fGRj+koyM/mJcXP/z7ez8AAAAAAAAAAK+uLj/R0NA9hYQEPsPCwj7v7m4//Pt7PwAAAAAAAAAA7+7uPre2Nj+dnBw+paQkPpiXFz+BgIA8AAAAAAAAAADV1FQ/sbAwPdDPTz+dnBw/gYAAPM7NTT8AAAAAAAAAAKyrKz/7+vo+5+ZmP5WUFD/X1tY+raysPgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAC9vLw+wcBAPY+ODj+BgIA+19ZWP93cXD8AAAAAAAAAAImICD+RkJA9trU1P4eGhj61tDQ+x8bGPgAAAAAAAAAA//5+P/b1dT+/vr4+/fz8PuDfXz/083M/AAAAAAAAAADBwMA8sbCwPtHQ0D7My0s/4eDgPOno6D4AAAAAAAAAAPj3dz/V1NQ+wL8/P4qJCT+RkBA/x8ZGPwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACCgQE/vby8PoGAgDzZ2Ng+8fBwPqempj4AAAAAAAAAAN3cXD6joqI+lpUVP8HAQD+rqqo+jYwMPwAAAAAAAAAA4eBgP/r5eT+wry8/sbAwPqmoqD7t7Gw+AAAAAAAAAADFxMQ+hYQEPpWUFD7v7m4/AACAP8nIyD4AAAAAAAAAALy7Oz+VlBQ+o6IiP9HQUD3z8nI/jYyMPgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        ),
        CLIPGolden(
            6, 5, 3, shape: [3, 4, 4],
            config:
                #"{"size": {"shortest_edge": 4}, "do_center_crop": false, "do_rescale": false, "image_mean": [1.0, 2.0, 3.0], "image_std": [2.0, 3.0, 7.0]}"#,
            values:
                "AABOQgAAnkIAAJ1CAADoQgAAhUIAAJRBAABiQgAAr0IAAItCAABsQgAANEIAADRCAACSQgAAt0IAAIlCAABIQquqkkFVVe1Bq6oOQlVVeUKrqlpCq6oqQquqAkIAAEBCVVUhQgAAJEKrqjpCq6o6QlVVSUKrqj5CAAA4QlVVRUK3bVtBkiTpQAAAYEGSJDlBAACYQdu2vUFJknRBAABQQbdto0ElSWJBbtu+Qdu2hUFu23ZBAAAwQW7bnkFJkqRB"
        ),
    ]
}
